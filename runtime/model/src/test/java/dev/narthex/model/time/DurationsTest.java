// SPDX-License-Identifier: Apache-2.0
package dev.narthex.model.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import org.junit.jupiter.api.Test;

class DurationsTest {
    @Test
    void countsByBoundsAndSumsUp() {
        Durations durations = new Durations(4);
        for (double seconds : new double[] {0.01, 0.02, 1, 2, 11}) {
            durations.note(seconds);
        }
        assertThat(Durations.bounds()).containsExactly(0.01, 0.1, 1, 10);
        assertThat(new long[] {
                    durations.atMost(0),
                    durations.atMost(1),
                    durations.atMost(2),
                    durations.atMost(3),
                    durations.atMost(4)
                })
                .containsExactly(1, 2, 3, 4, 5);
        assertThat(durations.count()).isEqualTo(5);
        assertThat(durations.sum()).isCloseTo(14.03, offset(1e-9));
    }

    @Test
    void quantilesAreOfTheNewestOnes() {
        Durations durations = new Durations(4);
        assertThat(durations.quantiles(0.5)).containsExactly(Double.NaN);
        durations.note(100);
        assertThat(durations.quantiles(0, 0.5, 1)).containsExactly(100, 100, 100);
        for (int i = 1; i <= 4; i++) {
            durations.note(i);
        }
        assertThat(durations.quantiles(0.01, 0.25, 0.5, 0.9, 1)).containsExactly(1, 1, 2, 4, 4);
    }

    @Test
    void keepsAPowerOfTwo() {
        assertThatThrownBy(() -> new Durations(3)).hasMessageContaining("found 3");
    }
}
