// SPDX-License-Identifier: Apache-2.0
package dev.narthex.benchmarks.promql;

import dev.narthex.model.Labels;
import dev.narthex.model.time.Ticker;
import dev.narthex.promql.PromqlEngine;
import dev.narthex.promql.PromqlEngineConfig;
import dev.narthex.promql.value.QueryResult;
import dev.narthex.promql.value.Value;
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
 * Queries over 1,000 series with a sample each 15 s, at the 240 steps of an hour: time for a query. What a query does is
 * 240,000 points of result or intermediate result.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class QueryBenchmark {
    static final int SERIES = 1000;
    static final int STEPS = 240;

    private static final long STEP_MS = 15_000;
    private static final long START_MS = 1_767_225_600_000L;
    private static final int SAMPLES = 300;
    private static final String[] BOUNDS = {"0.1", "0.25", "0.5", "1", "2.5", "5", "7.5", "10", "25", "+Inf"};

    private final ArrayStorage storage = new ArrayStorage();
    private final PromqlEngine engine = new PromqlEngine(PromqlEngineConfig.defaults(), Ticker.system());

    public QueryBenchmark() {
        Random random = new Random(1);
        for (int i = 0; i < SERIES; i++) {
            String instance = "10.0." + i / 250 + "." + i % 250;
            String job = "job-" + i % 10;
            add(
                    random,
                    Labels.of(
                            "__name__",
                            "requests_total",
                            "instance",
                            instance,
                            "job",
                            job,
                            "path",
                            "/p" + i % 7,
                            "pod",
                            "pod-" + i));
            add(random, Labels.of("__name__", "errors_total", "instance", instance, "job", job, "pod", "pod-" + i));
            add(random, Labels.of("__name__", "info_total", "job", job, "pod", "pod-" + i, "version", "v" + i % 3));
            add(
                    random,
                    Labels.of(
                            "__name__",
                            "latency_bucket",
                            "instance",
                            "i" + i / BOUNDS.length,
                            "le",
                            BOUNDS[i % BOUNDS.length]));
        }
    }

    private void add(Random random, Labels labels) {
        long[] timestampsMs = new long[SAMPLES];
        double[] values = new double[SAMPLES];
        long offsetMs = random.nextInt((int) STEP_MS);
        double value = 0;
        for (int i = 0; i < SAMPLES; i++) {
            timestampsMs[i] = START_MS - 60 * STEP_MS + i * STEP_MS + offsetMs;
            value += random.nextInt(100);
            values[i] = value;
        }
        storage.add(labels, timestampsMs, values);
    }

    int series(String query) {
        QueryResult result = engine.range(storage, query, START_MS, START_MS + (STEPS - 1) * STEP_MS, STEP_MS);
        return ((Value.Matrix) result.value()).series().size();
    }

    /** The newest sample of each series. */
    @Benchmark
    public int selector() {
        return series("requests_total");
    }

    /** A rate over 5 minutes, 20 samples, of each series. */
    @Benchmark
    public int rate() {
        return series("rate(requests_total[5m])");
    }

    /** The same, added up to 10 series. */
    @Benchmark
    public int sumByOfRate() {
        return series("sum by (job) (rate(requests_total[5m]))");
    }

    /** Two vectors of 1,000 series, one to one. */
    @Benchmark
    public int binaryOneToOne() {
        return series("errors_total / ignoring (path) requests_total");
    }

    /** 1,000 series that take a label of another 1,000. */
    @Benchmark
    public int binaryGroupLeft() {
        return series("requests_total * on (job, pod) group_left (version) info_total");
    }

    /** A quantile of 100 histograms of 10 buckets. */
    @Benchmark
    public int histogramQuantile() {
        return series("histogram_quantile(0.99, rate(latency_bucket[5m]))");
    }

    /** The 5 greatest of 1,000. */
    @Benchmark
    public int topk() {
        return series("topk(5, requests_total)");
    }

    /** The maximum over half an hour of a rate, at 30 s resolution, of 1,000 series. */
    @Benchmark
    public int subquery() {
        return series("max_over_time(rate(requests_total[5m])[10m:30s])");
    }

    /** The samples of 5 minutes added up exactly. */
    @Benchmark
    public int sumOverTime() {
        return series("sum_over_time(requests_total[5m])");
    }

    /** The series of 3 of 7 paths, found by an expression, added up to 10. */
    @Benchmark
    public int regexSelector() {
        return series("sum by (job) (requests_total{path=~\"/p[1-3]\"})");
    }

    /** How many of 1,000 series each of 10 groups has. */
    @Benchmark
    public int countBy() {
        return series("count by (job) (requests_total)");
    }

    /** A label made of another one for 1,000 series, of which there are 7 values. */
    @Benchmark
    public int labelReplace() {
        return series("sum by (page) (label_replace(requests_total, \"page\", \"$1\", \"path\", \"/(p.).*\"))");
    }
}
