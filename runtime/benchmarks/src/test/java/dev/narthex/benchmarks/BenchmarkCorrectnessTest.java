// SPDX-License-Identifier: Apache-2.0
package dev.narthex.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Each benchmark computes what it says. */
class BenchmarkCorrectnessTest {
    @Test
    void bothWaysOfParsingReadTheSameNumbers() {
        TextParserBenchmark benchmark = new TextParserBenchmark();

        assertThat(benchmark.parse()).isGreaterThan(0).isEqualTo(benchmark.parseInOldPlace());
    }

    @Test
    void aChunkHoldsItsSamples() {
        XorChunkBenchmark benchmark = new XorChunkBenchmark();

        assertThat(benchmark.append()).isPositive();
        assertThat(benchmark.decode()).isEqualTo(XorChunkBenchmark.SAMPLES);
        assertThat(benchmark.decodedTimestampsMs).isEqualTo(benchmark.timestampsMs);
        assertThat(benchmark.decodedValues).isEqualTo(benchmark.values);
    }

    @Test
    void theHeadAcceptsEveryScrape() throws Exception {
        HeadAppendBenchmark benchmark = new HeadAppendBenchmark();
        benchmark.open();
        try {
            for (int i = 0; i < 10; i++) {
                assertThat(benchmark.scrape()).isEqualTo(HeadAppendBenchmark.SERIES_A_SCRAPE);
            }
        } finally {
            benchmark.close();
        }
    }

    @Test
    void everyLineOfAScrapeIsASample() throws Exception {
        for (String storage : List.of("nowhere", "tsdb")) {
            ScrapeBenchmark benchmark = new ScrapeBenchmark();
            benchmark.storage = storage;
            benchmark.open();
            try {
                for (int i = 0; i < 10; i++) {
                    benchmark.scrape();
                    assertThat(benchmark.health()).isEqualTo("up");
                }
                // The scrape that opens it, and five report series a scrape.
                assertThat(benchmark.appended())
                        .isEqualTo(storage.equals("nowhere") ? 11L * (ScrapeBenchmark.LINES + 5) : 0);
            } finally {
                benchmark.close();
            }
        }
    }
}
