// SPDX-License-Identifier: Apache-2.0
package dev.narthex.benchmarks.promql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Each query has as many series as its description says. */
class QueryBenchmarkTest {
    @Test
    void queriesGiveWhatTheySay() {
        QueryBenchmark benchmark = new QueryBenchmark();

        assertThat(benchmark.selector()).isEqualTo(QueryBenchmark.SERIES);
        assertThat(benchmark.rate()).isEqualTo(QueryBenchmark.SERIES);
        assertThat(benchmark.sumByOfRate()).isEqualTo(10);
        assertThat(benchmark.binaryOneToOne()).isEqualTo(QueryBenchmark.SERIES);
        assertThat(benchmark.binaryGroupLeft()).isEqualTo(QueryBenchmark.SERIES);
        assertThat(benchmark.histogramQuantile()).isEqualTo(100);
        assertThat(benchmark.topk()).isGreaterThanOrEqualTo(5);
        assertThat(benchmark.subquery()).isEqualTo(QueryBenchmark.SERIES);
        assertThat(benchmark.sumOverTime()).isEqualTo(QueryBenchmark.SERIES);
    }
}
