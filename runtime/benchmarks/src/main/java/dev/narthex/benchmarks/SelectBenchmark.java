// SPDX-License-Identifier: Apache-2.0
package dev.narthex.benchmarks;

import dev.narthex.memory.MemoryAccount;
import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.model.MatchOp;
import dev.narthex.storage.Appender;
import dev.narthex.storage.Querier;
import dev.narthex.storage.SampleBuffer;
import dev.narthex.storage.SelectHints;
import dev.narthex.storage.SeriesSet;
import dev.narthex.tsdb.head.Head;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Selections in a head of 100,000 series with 120 samples each. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class SelectBenchmark {
    static final int SAMPLES = 120;
    private static final long START_MS = 1_767_225_600_000L;

    @Param({"100000"})
    int series = 100_000;

    private final Head head = new Head(new MemoryAccount(Long.MAX_VALUE), 7_200_000, (batch, maxTimeMs) -> {});
    private final SampleBuffer buffer = new SampleBuffer();

    @Setup
    public void fill() throws IOException {
        long[] refs = new long[series];
        for (int sample = 0; sample < SAMPLES; sample++) {
            try (Appender appender = head.appender()) {
                for (int i = 0; i < series; i++) {
                    if (sample == 0) {
                        refs[i] = appender.series(labels(i));
                    }
                    appender.append(refs[i], START_MS + 15_000L * sample, sample * (double) (i % 100));
                }
                appender.commit();
            }
        }
    }

    /** A thousand series an instance, a hundred instances at most. */
    private static Labels labels(int number) {
        return Labels.of(
                Labels.METRIC_NAME,
                "metric_" + number % 100,
                "instance",
                "10.0.0." + number / 1000 + ":9100",
                "job",
                "shop",
                "path",
                "/api/" + number % 1000);
    }

    @TearDown
    public void close() {
        head.close();
    }

    /** All series of one metric with their samples; how many samples. */
    @Benchmark
    public int samplesOfAMetric() {
        return read(false, LabelMatcher.equal(Labels.METRIC_NAME, "metric_7"));
    }

    /** One series, found by the intersection of a long and two short lists. */
    @Benchmark
    public int oneSeries() {
        return read(
                true,
                LabelMatcher.equal("job", "shop"),
                LabelMatcher.equal("instance", "10.0.0.0:9100"),
                LabelMatcher.equal("path", "/api/7"));
    }

    /** An expression of literals on top of a metric. */
    @Benchmark
    public int alternatives() {
        return read(
                true,
                LabelMatcher.equal(Labels.METRIC_NAME, "metric_7"),
                LabelMatcher.of(MatchOp.REGEX, "path", "/api/7|/api/107|/api/none"));
    }

    /** All series in the order of their labels, no sample read; how many letters their last values have. */
    @Benchmark
    public int labelsOfAllSorted() {
        int letters = 0;
        try (Querier querier = head.querier(START_MS, Long.MAX_VALUE)) {
            SeriesSet set = querier.select(
                    new SelectHints(START_MS, Long.MAX_VALUE, 0, 0, "", true),
                    List.of(LabelMatcher.equal("job", "shop")));
            while (set.next()) {
                Labels labels = set.labels();
                letters += labels.value(labels.size() - 1).length();
            }
        }
        return letters;
    }

    private int read(boolean sorted, LabelMatcher... matchers) {
        int samples = 0;
        try (Querier querier = head.querier(START_MS, Long.MAX_VALUE)) {
            SeriesSet set =
                    querier.select(new SelectHints(START_MS, Long.MAX_VALUE, 0, 0, "", sorted), List.of(matchers));
            while (set.next()) {
                buffer.clear();
                set.samples(buffer);
                samples += buffer.size();
            }
        }
        return samples;
    }
}
