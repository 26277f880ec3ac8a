// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.testkit.time.ManualScheduler;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class IngestRateTest {
    private final ManualScheduler scheduler = new ManualScheduler();
    private final AtomicLong samples = new AtomicLong();
    private final IngestRate rate = new IngestRate(scheduler, samples::get);

    private void live(int seconds, int perSecond) {
        for (int i = 0; i < seconds; i++) {
            samples.addAndGet(perSecond);
            scheduler.advance(Duration.ofSeconds(1));
        }
    }

    @Test
    void averagesOverTheLastMinute() {
        assertThat(rate.perSecond()).isZero();
        rate.start();
        live(30, 100);
        assertThat(rate.perSecond()).isEqualTo(100);

        live(120, 10);
        assertThat(rate.perSecond()).isEqualTo(10);
    }

    @Test
    void stopsReading() {
        rate.start();
        rate.stop(Duration.ZERO);
        scheduler.advance(Duration.ofMinutes(1));

        assertThat(scheduler.pending()).isZero();
    }
}
