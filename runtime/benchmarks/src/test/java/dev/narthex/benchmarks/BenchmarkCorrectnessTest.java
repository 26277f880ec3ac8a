// SPDX-License-Identifier: Apache-2.0
package dev.narthex.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Each benchmark computes what it says. */
class BenchmarkCorrectnessTest {
    @Test
    void histogramChunksHoldWhatWasAppended() {
        HistogramChunkBenchmark benchmark = new HistogramChunkBenchmark();
        assertThat(benchmark.append()).isBetween(1000, 10_000);
        assertThat(benchmark.decode()).isEqualTo(HistogramChunkBenchmark.SAMPLES);
        for (int i = 0; i < HistogramChunkBenchmark.SAMPLES; i++) {
            assertThat(String.valueOf(benchmark.decoded.histogram(i)))
                    .isEqualTo(benchmark.expected(i).toString());
        }
    }

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
    void numbersArePrintedAsShortAsTheJdkPrintsThem() {
        GoFloatBenchmark benchmark = new GoFloatBenchmark();
        benchmark.numbers();

        // The JDK writes a fraction behind whole numbers: ".0".
        assertThat(benchmark.json()).isPositive().isLessThanOrEqualTo(benchmark.jdk());
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
            // The scrape that opens it, and five report series a scrape.
            assertThat(samplesOfTenScrapes(benchmark))
                    .isEqualTo(storage.equals("nowhere") ? 11L * (ScrapeBenchmark.LINES + 5) : 0);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "openmetrics, in place, 0",
        "protobuf, in place, 0",
        "text, moved, 0",
        "openmetrics, moved, 0",
        "protobuf, moved, 0",
        // Those that are gone get a staleness marker.
        "text, new, 10",
        "openmetrics, new, 10",
        "protobuf, new, 10"
    })
    void everyLineOfAScrapeIsASampleInEachFormat(String format, String series, int scrapesWithMarkers)
            throws Exception {
        ScrapeBenchmark benchmark = new ScrapeBenchmark();
        benchmark.format = format;
        benchmark.series = series;

        assertThat(samplesOfTenScrapes(benchmark))
                .isEqualTo(11L * (ScrapeBenchmark.LINES + 5) + (long) scrapesWithMarkers * ScrapeBenchmark.LINES);
    }

    private static long samplesOfTenScrapes(ScrapeBenchmark benchmark) throws Exception {
        ScrapeBenchmark.ThreadTime cpu = new ScrapeBenchmark.ThreadTime();
        cpu.begin();
        benchmark.open();
        try {
            for (int i = 0; i < 10; i++) {
                benchmark.scrape(cpu);
                assertThat(benchmark.health()).isEqualTo("up");
            }
            assertThat(cpu.cpuNanosPerLine()).isPositive();
            return benchmark.appended();
        } finally {
            benchmark.close();
        }
    }

    @Test
    void selectionsFindWhatTheyLookFor() throws Exception {
        SelectBenchmark benchmark = new SelectBenchmark();
        benchmark.series = 2000;
        benchmark.fill();
        try {
            assertThat(benchmark.samplesOfAMetric()).isEqualTo(20 * SelectBenchmark.SAMPLES);
            assertThat(benchmark.oneSeries()).isEqualTo(SelectBenchmark.SAMPLES);
            assertThat(benchmark.alternatives()).isEqualTo(4 * SelectBenchmark.SAMPLES);
        } finally {
            benchmark.close();
        }
    }

    @Test
    void selectionsInABlockFindWhatTheyLookFor() throws Exception {
        BlockSelectBenchmark benchmark = new BlockSelectBenchmark();
        benchmark.series = 30_031;
        benchmark.write();
        try {
            assertThat(benchmark.intersectionOfLargeLists()).isEqualTo(2);
            assertThat(benchmark.differenceOfLargeLists()).isEqualTo(70);
            assertThat(benchmark.containsOverManyValues()).isEqualTo(5);
            assertThat(benchmark.expressionOverManyValues()).isEqualTo(120);
            assertThat(benchmark.alternativesOfManyValues()).isEqualTo(3);
        } finally {
            benchmark.close();
        }
    }

    @ParameterizedTest
    @EnumSource(LogRecordBenchmark.Kind.class)
    void recordsOfTheLogAreRead(LogRecordBenchmark.Kind kind) {
        LogRecordBenchmark benchmark = new LogRecordBenchmark();
        benchmark.kind = kind;
        benchmark.make();
        assertThat(benchmark.encode()).isGreaterThan(10 * LogRecordBenchmark.ENTRIES);
        assertThat(benchmark.decode()).isGreaterThanOrEqualTo(LogRecordBenchmark.ENTRIES);
    }

    @Test
    void aReplayBringsEverySampleBack() throws Exception {
        ReplayBenchmark benchmark = new ReplayBenchmark();
        benchmark.series = 1000;
        benchmark.samples = 3;
        benchmark.write();
        try {
            assertThat(benchmark.open(new ReplayBenchmark.Counters())).isEqualTo(3000);
        } finally {
            benchmark.delete();
        }
    }

    @Test
    void memoryIsCountedForEachSeries() throws Exception {
        SeriesMemoryBenchmark benchmark = new SeriesMemoryBenchmark();
        SeriesMemoryBenchmark.Counters counters = new SeriesMemoryBenchmark.Counters();
        benchmark.series = 20_000;
        benchmark.samples = 2;

        assertThat(benchmark.fill(counters)).isPositive();
        assertThat(counters.bytesPerSeries).isBetween(150L, 700L);
    }
}
