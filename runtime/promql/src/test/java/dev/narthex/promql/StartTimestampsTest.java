// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.model.BucketSpan;
import dev.narthex.model.CounterResetHint;
import dev.narthex.model.FloatHistogram;
import dev.narthex.model.GoFloat;
import dev.narthex.model.HistogramLayout;
import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.promql.syntax.PromqlFeature;
import dev.narthex.promql.value.QueryResult;
import dev.narthex.promql.value.Value;
import dev.narthex.promql.value.VectorSample;
import dev.narthex.storage.Querier;
import dev.narthex.storage.Queryable;
import dev.narthex.storage.SampleBuffer;
import dev.narthex.storage.SelectHints;
import dev.narthex.storage.SeriesSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Counter functions over samples that say when their counting began; the answers were recorded from Prometheus 3.15. */
class StartTimestampsTest {
    private static final Path RECORDED =
            Path.of("src", "test", "resources", "golden", "promqltest", "start-timestamps.txt");
    private static final Pattern ANSWER = Pattern.compile("(.*) @ (\\d+) = (\\S+)( W)?");
    private static final long EPOCH_MS = 1_000_000_000L;

    /** Samples as columns: time, value, start (0 for none). */
    private record Sample(long timestampMs, double value, long startMs) {}

    @Test
    void answersAsPrometheus() throws IOException {
        compare(Kind.FLOAT, 1000);
    }

    /** Prometheus was asked the same of native histograms: the counts of its answers were those of floats, all of them. */
    @Test
    void answersOfNativeHistogramsHaveTheCountsThatFloatsHave() throws IOException {
        compare(Kind.HISTOGRAM, 2600);
    }

    private enum Kind {
        FLOAT,
        HISTOGRAM
    }

    private static void compare(Kind kind, int atLeast) throws IOException {
        Map<String, List<Sample>> series = new HashMap<>();
        List<String> differences = new ArrayList<>();
        PromqlEngine engine = engine(EnumSet.allOf(PromqlFeature.class));
        int compared = 0;
        for (String line : Files.readAllLines(RECORDED)) {
            Matcher answer = ANSWER.matcher(line);
            if (line.startsWith("series ")) {
                List<String> words = List.of(line.split(" ", -1));
                series.put(
                        words.get(1),
                        words.subList(2, words.size()).stream()
                                .map(StartTimestampsTest::sample)
                                .toList());
            } else if (answer.matches() && (kind == Kind.FLOAT || haveCounts(series, answer.group(1)))) {
                compared++;
                String found = answer(engine, storage(series, kind), answer.group(1), Long.parseLong(answer.group(2)));
                String expected = answer.group(3) + (answer.group(4) == null ? "" : answer.group(4));
                if (!same(found, expected)) {
                    differences.add(line + "\n   found " + found);
                }
            }
        }
        assertThat(compared).isGreaterThan(atLeast);
        assertThat(differences).isEmpty();
    }

    @Test
    void looksAtNoStartsUnlessTheFeatureIsEnabled() {
        Map<String, List<Sample>> series = Map.of(
                "a_total",
                List.of(
                        new Sample(EPOCH_MS + 10_000, 5, EPOCH_MS + 1),
                        new Sample(EPOCH_MS + 20_000, 7, EPOCH_MS + 15_000)));
        PromqlEngine engine = engine(EnumSet.of(PromqlFeature.EXPERIMENTAL_FUNCTIONS));
        for (Kind kind : Kind.values()) {
            Queryable storage = storage(series, kind);
            assertThat(answer(engine, storage, "start_timestamp(a_total)", 30)).isEqualTo("-");
            assertThat(answer(engine, storage, "resets(a_total[1m])", 30)).isEqualTo("0");
            assertThat(answer(engine, storage, "increase(a_total[1m])", 30)).isEqualTo("5");
        }
    }

    private static PromqlEngine engine(EnumSet<PromqlFeature> features) {
        return new PromqlEngine(PromqlEngineConfig.defaults().withFeatures(features), () -> 0);
    }

    private static Sample sample(String text) {
        String[] parts = text.split(":", -1);
        return new Sample(
                EPOCH_MS + Long.parseLong(parts[0]) * 1000,
                Double.parseDouble(parts[1]),
                parts[2].equals("-") ? 0 : EPOCH_MS + Long.parseLong(parts[2]) * 1000);
    }

    /** Whether all values of the series that a query is about may be counts of observations. */
    private static boolean haveCounts(Map<String, List<Sample>> series, String query) {
        return series.entrySet().stream()
                .filter(entry -> query.contains(entry.getKey()))
                .flatMap(entry -> entry.getValue().stream())
                .allMatch(sample -> sample.value() >= 0 && sample.value() == Math.rint(sample.value()));
    }

    private static String answer(PromqlEngine engine, Queryable storage, String query, long seconds) {
        QueryResult result = engine.instant(storage, query, EPOCH_MS + seconds * 1000);
        Value.Vector vector = (Value.Vector) result.value();
        if (vector.samples().isEmpty()) {
            return "-";
        }
        VectorSample first = vector.samples().getFirst();
        double value =
                first.histogram() == null ? first.value() : first.histogram().count();
        boolean warned = result.annotations().warnings().stream()
                .anyMatch(
                        text -> text.startsWith(
                                "PromQL warning: sample has start time that overlaps with previous sample timestamp for metric"));
        if (query.startsWith("start_timestamp")) {
            return value == 0 ? "none" : GoFloat.general(value - EPOCH_MS / 1000.0);
        }
        return GoFloat.general(value) + (warned ? " W" : "");
    }

    private static boolean same(String found, String expected) {
        if (found.equals(expected)) {
            return true;
        }
        if (found.endsWith("W") != expected.endsWith("W") || found.equals("-") || expected.equals("-")) {
            return false;
        }
        double left = Double.parseDouble(found.replace(" W", ""));
        double right = Double.parseDouble(expected.replace(" W", ""));
        return Math.abs(left - right) <= 1e-9 * Math.max(Math.abs(left), Math.abs(right));
    }

    private static Queryable storage(Map<String, List<Sample>> series, Kind kind) {
        return (mintMs, maxtMs) -> new Querier() {
            @Override
            public SeriesSet select(SelectHints hints, List<LabelMatcher> matchers) {
                String name = matchers.stream()
                        .filter(matcher -> matcher.name().equals(Labels.METRIC_NAME))
                        .findFirst()
                        .orElseThrow()
                        .value();
                return new OneSeries(name, series.getOrDefault(name, List.of()), kind, mintMs, maxtMs);
            }

            @Override
            public List<String> labelNames(List<LabelMatcher> matchers) {
                return List.of();
            }

            @Override
            public List<String> labelValues(String name, List<LabelMatcher> matchers) {
                return List.of();
            }

            @Override
            public void close() {
                // Holds nothing.
            }
        };
    }

    /** All observations in one bucket. */
    private static FloatHistogram histogram(double count) {
        HistogramLayout layout = HistogramLayout.exponential(0, 0, List.of(new BucketSpan(0, 1)), List.of());
        return FloatHistogram.of(
                CounterResetHint.UNKNOWN, layout, count, 0, count, new double[] {count}, new double[0]);
    }

    private static final class OneSeries implements SeriesSet {
        private final Labels labels;
        private final Kind kind;
        private @Nullable List<Sample> samples;
        private List<Sample> current = List.of();
        private final long mintMs;
        private final long maxtMs;

        OneSeries(String name, List<Sample> samples, Kind kind, long mintMs, long maxtMs) {
            this.labels = Labels.of(Labels.METRIC_NAME, name);
            this.samples = samples;
            this.kind = kind;
            this.mintMs = mintMs;
            this.maxtMs = maxtMs;
        }

        @Override
        public boolean next() {
            List<Sample> next = samples;
            samples = null;
            current = next == null ? List.of() : next;
            return next != null;
        }

        @Override
        public Labels labels() {
            return labels;
        }

        @Override
        public void samples(SampleBuffer into) {
            for (Sample sample : current) {
                if (sample.timestampMs() >= mintMs && sample.timestampMs() <= maxtMs) {
                    if (kind == Kind.FLOAT) {
                        into.add(sample.timestampMs(), sample.value());
                    } else {
                        into.add(sample.timestampMs(), histogram(sample.value()));
                    }
                    if (sample.startMs() != 0) {
                        into.startTimestamp(sample.startMs());
                    }
                }
            }
        }
    }
}
