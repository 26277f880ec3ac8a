// SPDX-License-Identifier: Apache-2.0
package dev.narthex.benchmarks.promql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Each query has as many series as its description says. */
class HistogramQueryBenchmarkTest {
    @Test
    void queriesGiveWhatTheySay() {
        HistogramQueryBenchmark benchmark = new HistogramQueryBenchmark();

        assertThat(benchmark.rate()).isEqualTo(HistogramQueryBenchmark.SERIES);
        assertThat(benchmark.sumByOfRate()).isEqualTo(10);
        assertThat(benchmark.histogramQuantile()).isEqualTo(HistogramQueryBenchmark.SERIES);
        assertThat(benchmark.histogramQuantileOfSum()).isEqualTo(10);
    }
}
