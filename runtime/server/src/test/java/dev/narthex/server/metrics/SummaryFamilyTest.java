// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.exposition.ExpositionWriter;
import dev.narthex.model.Labels;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SummaryFamilyTest {
    private final AtomicLong nanos = new AtomicLong();
    private final SummaryFamily family = new SummaryFamily("s", "", nanos::get, 0.5, 0.9);

    private String page() {
        ExpositionWriter page = new ExpositionWriter();
        family.writeTo(page);
        return page.toString();
    }

    @Test
    void showsQuantilesSumAndCount() {
        for (int i = 1; i <= 10; i++) {
            family.with(Labels.of("a", "b")).observe(i);
        }
        assertThat(page()).isEqualTo("""
                        # TYPE s summary
                        s{a="b",quantile="0.5"} 5
                        s{a="b",quantile="0.9"} 9
                        s_sum{a="b"} 55
                        s_count{a="b"} 10
                        """);
    }

    @Test
    void quantilesAreOfTheLastTenMinutes() {
        family.with(Labels.EMPTY).observe(100);
        nanos.addAndGet(Duration.ofMinutes(11).toNanos());
        assertThat(page()).contains("s{quantile=\"0.5\"} NaN\n").contains("s_count 1\n");
        family.with(Labels.EMPTY).observe(1);
        assertThat(page()).contains("s{quantile=\"0.9\"} 1\n").contains("s_sum 101\n");
    }

    @Test
    void quantilesAreOfTheNewestOfMany() {
        for (int i = 0; i < 5000; i++) {
            family.with(Labels.EMPTY).observe(i < 4000 ? 1 : 2);
        }
        assertThat(page()).contains("s{quantile=\"0.5\"} 2\n").contains("s_count 5000\n");
    }
}
