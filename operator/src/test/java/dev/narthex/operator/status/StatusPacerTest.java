// SPDX-License-Identifier: Apache-2.0
package dev.narthex.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class StatusPacerTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final StatusPacer<String> pacer = new StatusPacer<>(Duration.ofSeconds(10), Duration.ofSeconds(3));

    private Duration delay(boolean passing, int second) {
        return pacer.delay("web", passing, START.plusSeconds(second));
    }

    @Test
    void firstStatusIsWrittenAtOnce() {
        assertThat(delay(false, 0)).isZero();
    }

    @Test
    void nextOneWaitsForItsTime() {
        pacer.written("web", START);
        assertThat(delay(false, 4)).isEqualTo(Duration.ofSeconds(6));
        assertThat(delay(false, 10)).isZero();
        assertThat(pacer.delay("other", false, START)).isZero();
    }

    @Test
    void passingStateIsHeldBack() {
        assertThat(delay(true, 0)).isEqualTo(Duration.ofSeconds(3));
        assertThat(delay(true, 1)).isEqualTo(Duration.ofSeconds(2));
        assertThat(delay(false, 2)).isZero();
    }

    @Test
    void passingStateThatStaysIsWritten() {
        assertThat(delay(true, 0)).isEqualTo(Duration.ofSeconds(3));
        assertThat(delay(true, 3)).isZero();
    }

    @Test
    void graceBeginsAnewAfterTheStateWasOver() {
        delay(true, 0);
        pacer.settled("web");
        assertThat(delay(true, 5)).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void forgottenResourceStartsAnew() {
        pacer.written("web", START);
        pacer.forget("web");
        assertThat(delay(false, 1)).isZero();
    }
}
