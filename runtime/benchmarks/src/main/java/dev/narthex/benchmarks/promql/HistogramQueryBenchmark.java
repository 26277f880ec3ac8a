// SPDX-License-Identifier: Apache-2.0
package dev.narthex.benchmarks.promql;

import dev.narthex.model.BucketSpan;
import dev.narthex.model.CounterResetHint;
import dev.narthex.model.HistogramLayout;
import dev.narthex.model.IntegerHistogram;
import dev.narthex.model.Labels;
import dev.narthex.model.NativeHistogram;
import dev.narthex.model.time.Ticker;
import dev.narthex.promql.PromqlEngine;
import dev.narthex.promql.PromqlEngineConfig;
import dev.narthex.promql.value.QueryResult;
import dev.narthex.promql.value.Value;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Queries over 100 series of native histograms of 40 buckets with a sample each 15 s, at the 240 steps of an hour: time for
 * a query. What a query does is 24,000 histograms, 960,000 buckets, of intermediate result.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class HistogramQueryBenchmark {
    static final int SERIES = 100;
    static final int STEPS = 240;

    private static final int BUCKETS = 40;
    private static final long STEP_MS = 15_000;
    private static final long START_MS = 1_767_225_600_000L;
    private static final int SAMPLES = 300;

    private final ArrayStorage storage = new ArrayStorage();
    private final PromqlEngine engine = new PromqlEngine(PromqlEngineConfig.defaults(), Ticker.system());

    public HistogramQueryBenchmark() {
        Random random = new Random(1);
        HistogramLayout layout =
                HistogramLayout.exponential(3, 0.001, List.of(new BucketSpan(-10, BUCKETS)), List.of());
        for (int i = 0; i < SERIES; i++) {
            Labels labels = Labels.of("__name__", "latency", "instance", "i" + i, "job", "job-" + i % 10);
            long[] timestampsMs = new long[SAMPLES];
            NativeHistogram[] histograms = new NativeHistogram[SAMPLES];
            long[] counts = new long[BUCKETS];
            long count = 0;
            for (int sample = 0; sample < SAMPLES; sample++) {
                timestampsMs[sample] = START_MS + (sample - 60) * STEP_MS;
                for (int bucket = 0; bucket < BUCKETS; bucket++) {
                    int observations = 1 + random.nextInt(10);
                    counts[bucket] += observations;
                    count += observations;
                }
                histograms[sample] = new IntegerHistogram(
                        sample == 0 ? CounterResetHint.UNKNOWN : CounterResetHint.NOT_RESET,
                        layout,
                        count,
                        0,
                        count * 1.5,
                        counts,
                        new long[0]);
            }
            storage.add(labels, timestampsMs, histograms);
        }
    }

    int series(String query) {
        QueryResult result = engine.range(storage, query, START_MS, START_MS + (STEPS - 1) * STEP_MS, STEP_MS);
        return ((Value.Matrix) result.value()).series().size();
    }

    /** A rate over 5 minutes, 20 samples, of each series. */
    @Benchmark
    public int rate() {
        return series("rate(latency[5m])");
    }

    /** The same, added up to 10 series. */
    @Benchmark
    public int sumByOfRate() {
        return series("sum by (job) (rate(latency[5m]))");
    }

    /** A quantile of each histogram. */
    @Benchmark
    public int histogramQuantile() {
        return series("histogram_quantile(0.9, latency)");
    }

    /** What a dashboard asks: a quantile of the sums. */
    @Benchmark
    public int histogramQuantileOfSum() {
        return series("histogram_quantile(0.99, sum by (job) (rate(latency[5m])))");
    }
}
