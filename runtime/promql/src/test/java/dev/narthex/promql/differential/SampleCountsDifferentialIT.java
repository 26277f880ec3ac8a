// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.differential;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.narthex.model.time.Ticker;
import dev.narthex.promql.PromqlEngine;
import dev.narthex.promql.PromqlEngineConfig;
import dev.narthex.promql.syntax.PromqlFeature;
import dev.narthex.promql.value.QueryException;
import dev.narthex.promql.value.QueryStatistics;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How many samples queries look at and read, step by step, as a real Prometheus counts them. */
class SampleCountsDifferentialIT {
    private static final long START_MS = RandomData.START_MS + 3_000_000;
    private static final int RANDOM_QUERIES = 150;
    private static final List<String> QUERIES = List.of(
            "cpu",
            "cpu @ 1700002000",
            "sum(cpu)",
            "rate(cpu[5m])",
            "rate(cpu[1m])",
            "rate(cpu[5m] offset 1m)",
            "sum_over_time(cpu[5m] @ 1700003000)",
            "sum(rate(cpu[1m:30s]))",
            "max_over_time(cpu[5m:1m])",
            "max_over_time(rate(cpu[5m])[10m:1m])",
            "max_over_time(max_over_time(cpu[5m:1m])[3m:1m])",
            "sum_over_time(cpu[5m:1m] @ 1700003000)",
            "max_over_time((cpu @ 1700003000)[5m:1m])",
            "last_over_time(cpu[5m:30s] offset 30s)",
            "absent_over_time(cpu[5m])",
            "absent(missing)",
            "timestamp(cpu)",
            "timestamp(cpu @ 1700003000)",
            "scalar(cpu @ 1700003000) + cpu",
            "quantile_over_time(scalar(alone), cpu[1m])",
            "cpu + on (job, instance) cpu",
            "cpu and cpu",
            "topk(1, cpu)",
            "count_values(\"x\", cpu)",
            "histogram_quantile(0.9, rate(latency_bucket[5m]))",
            "label_replace(cpu, \"x\", \"y\", \"\", \"\")",
            "1",
            "time()",
            "vector(1)",
            "temperature[5m]",
            "duration",
            "size",
            "level",
            "mixed",
            "sum(duration)",
            "rate(duration[5m])",
            "sum_over_time(mixed[2m])",
            "histogram_count(rate(size[5m]))",
            "histogram_sum(level)",
            "max_over_time(histogram_avg(duration)[5m:1m])");

    @Test
    void countsAsTheRealPrometheus(@TempDir Path directory) throws Exception {
        EnumSet<PromqlFeature> features = EnumSet.of(PromqlFeature.PER_STEP_STATS);
        PromqlEngine engine = new PromqlEngine(PromqlEngineConfig.defaults().withFeatures(features), Ticker.system());
        List<String> differences = new ArrayList<>();
        try (BothDatabases both = BothDatabases.start(directory, features, new Random(5), true)) {
            RealPrometheus prometheus = both.prometheus();
            Assumptions.assumeFalse(
                    new KnownDifferences(prometheus.version()).isOld(), "this Prometheus counts no samples read");
            for (String query : QUERIES) {
                QueryStatistics instant =
                        engine.instant(both.queryable(), query, START_MS).statistics();
                compare(query, instant, prometheus.statistics(query, START_MS, START_MS, 0), differences);
                if (!query.endsWith("]")) {
                    long endMs = START_MS + 500_000;
                    QueryStatistics range = engine.range(both.queryable(), query, START_MS, endMs, 100_000)
                            .statistics();
                    compare(query, range, prometheus.statistics(query, START_MS, endMs, 100_000), differences);
                }
            }
        }
        assertThat(differences).isEmpty();
    }

    @Test
    void countsSamplesOfRandomQueriesAsTheRealPrometheus(@TempDir Path directory) throws Exception {
        EnumSet<PromqlFeature> features =
                EnumSet.of(PromqlFeature.PER_STEP_STATS, PromqlFeature.EXPERIMENTAL_FUNCTIONS);
        PromqlEngine engine = new PromqlEngine(PromqlEngineConfig.defaults().withFeatures(features), Ticker.system());
        Random random = new Random(Long.getLong("promql.stats.seed", 6));
        RandomQuery floats = new RandomQuery(random, false, false);
        RandomHistogramQuery histograms = new RandomHistogramQuery(random, false, false);
        List<String> differences = new ArrayList<>();
        try (BothDatabases both = BothDatabases.start(directory, features, random, true)) {
            RealPrometheus prometheus = both.prometheus();
            Assumptions.assumeFalse(
                    new KnownDifferences(prometheus.version()).isOld(), "this Prometheus counts no samples read");
            for (int i = 0; i < Integer.getInteger("promql.stats.queries", RANDOM_QUERIES); i++) {
                String query = random.nextInt(3) == 0 ? histograms.next() : floats.next();
                boolean instant = query.endsWith("]") || random.nextInt(3) == 0;
                long endMs = instant ? START_MS : START_MS + random.nextInt(10) * 60_000L;
                long stepMs = instant ? 0 : 60_000;
                QueryStatistics ours;
                try {
                    ours = (instant
                                    ? engine.instant(both.queryable(), query, START_MS)
                                    : engine.range(both.queryable(), query, START_MS, endMs, stepMs))
                            .statistics();
                } catch (QueryException _) {
                    continue; // So does the real one, as another test says.
                }
                compare(query, ours, prometheus.statistics(query, START_MS, endMs, stepMs), differences);
            }
        }
        assertThat(String.join("\n", differences)).isEmpty();
    }

    private static void compare(String query, QueryStatistics ours, JsonNode right, List<String> differences) {
        compare(query + " queryable", ours.queryablePerStep(), right.path("totalQueryableSamplesPerStep"), differences);
        compare(query + " read", ours.readPerStep(), right.path("samplesReadPerStep"), differences);
        if (ours.queryableSamples() != right.path("totalQueryableSamples").asLong()
                || ours.samplesRead() != right.path("samplesRead").asLong()) {
            differences.add(
                    query + ": " + ours.queryableSamples() + ", " + ours.samplesRead() + "\n   should be " + right);
        }
    }

    private static void compare(String what, long[] ours, JsonNode right, List<String> differences) {
        List<Long> counted = new ArrayList<>();
        right.forEach(step -> counted.add(step.path(1).asLong()));
        List<Long> expected = java.util.Arrays.stream(ours).boxed().toList();
        if (!counted.equals(expected)) {
            differences.add(what + ": " + expected + "\n   should be " + counted);
        }
    }
}
