// SPDX-License-Identifier: Apache-2.0
package dev.narthex.rules;

import dev.narthex.model.GoFloat;
import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.model.NativeHistogram;
import dev.narthex.model.StalenessMarker;
import dev.narthex.storage.AppendResult;
import dev.narthex.storage.Appendable;
import dev.narthex.storage.Appender;
import dev.narthex.storage.Querier;
import dev.narthex.storage.Queryable;
import dev.narthex.storage.SampleBuffer;
import dev.narthex.storage.SelectHints;
import dev.narthex.storage.SeriesSet;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Series in maps, and of PromQL just {@code name} and {@code name OP number} with the look-back of five minutes: enough
 * to drive rules without the rooms behind.
 */
final class FakeStorage implements Appendable, Queryable, QueryFunction {
    private static final long LOOKBACK_MS = 300_000;
    private static final Pattern EXPRESSION = Pattern.compile("([\\w:]+)(?: (==|>|<) (\\S+))?");

    private final TreeMap<Labels, NavigableMap<Long, Double>> series = new TreeMap<>();
    private final List<Labels> references = new ArrayList<>();

    /** The last native histogram of each series. */
    final Map<Labels, NativeHistogram> histograms = new TreeMap<>();

    @Nullable
    String failure;

    Runnable onQuery = () -> {};
    Runnable onSelect = () -> {};

    void add(Labels labels, long timestampMs, double value) {
        series.computeIfAbsent(labels, _ -> new TreeMap<>()).put(timestampMs, value);
    }

    /** All samples of a metric, staleness markers as {@code stale}. */
    List<String> samples(String metric) {
        List<String> all = new ArrayList<>();
        series.forEach((labels, samples) -> {
            if (labels.metricName().equals(metric)) {
                samples.forEach((timestampMs, value) -> all.add(labels.withoutMetricName() + " @" + timestampMs / 1000
                        + " " + (StalenessMarker.is(value) ? "stale" : GoFloat.general(value))));
            }
        });
        return all;
    }

    @Override
    public List<Sample> query(String expr, long timestampMs) {
        onQuery.run();
        if (failure != null) {
            throw new IllegalArgumentException(failure);
        }
        Matcher parsed = EXPRESSION.matcher(expr);
        if (!parsed.matches()) {
            throw new IllegalArgumentException("1:1: parse error: unexpected " + expr);
        }
        List<Sample> vector = new ArrayList<>();
        histograms.forEach((labels, histogram) -> {
            if (labels.metricName().equals(parsed.group(1))) {
                vector.add(new Sample(labels, 0, histogram));
            }
        });
        series.forEach((labels, samples) -> {
            Map.Entry<Long, Double> last = samples.floorEntry(timestampMs);
            if (labels.metricName().equals(parsed.group(1))
                    && last != null
                    && last.getKey() > timestampMs - LOOKBACK_MS
                    && !StalenessMarker.is(last.getValue())
                    && holds(last.getValue(), parsed.group(2), parsed.group(3))) {
                vector.add(new Sample(labels, last.getValue()));
            }
        });
        return vector;
    }

    @Override
    public String normalize(String expr) {
        if (!EXPRESSION.matcher(expr).matches()) {
            throw new IllegalArgumentException("1:1: parse error: unexpected " + expr);
        }
        return expr;
    }

    private static boolean holds(double value, @Nullable String operator, @Nullable String limit) {
        if (operator == null || limit == null) {
            return true;
        }
        double right = GoFloat.parse(limit);
        return switch (operator) {
            case "==" -> value == right;
            case ">" -> value > right;
            default -> value < right;
        };
    }

    @Override
    public Appender appender() {
        return new Appender() {
            private final List<Runnable> pending = new ArrayList<>();

            @Override
            public long series(Labels labels) {
                if (!references.contains(labels)) {
                    references.add(labels);
                }
                return references.indexOf(labels) + 1L;
            }

            @Override
            public AppendResult append(long seriesRef, long timestampMs, double value) {
                Labels labels = references.get((int) seriesRef - 1);
                NavigableMap<Long, Double> samples = series.get(labels);
                if (samples != null && samples.lastKey() >= timestampMs) {
                    return AppendResult.OUT_OF_ORDER;
                }
                pending.add(() -> add(labels, timestampMs, value));
                return AppendResult.ACCEPTED;
            }

            @Override
            public AppendResult append(long seriesRef, long timestampMs, NativeHistogram histogram) {
                pending.add(() -> histograms.put(references.get((int) seriesRef - 1), histogram));
                return AppendResult.ACCEPTED;
            }

            @Override
            public void commit() {
                pending.forEach(Runnable::run);
                pending.clear();
            }

            @Override
            public void rollback() {
                pending.clear();
            }

            @Override
            public void close() {
                rollback();
            }
        };
    }

    @Override
    public Querier querier(long mintMs, long maxtMs) {
        return new Querier() {
            @Override
            public SeriesSet select(SelectHints hints, List<LabelMatcher> matchers) {
                onSelect.run();
                Iterator<Map.Entry<Labels, NavigableMap<Long, Double>>> all = series.entrySet().stream()
                        .filter(entry -> matchers.stream().allMatch(matcher -> matcher.matches(entry.getKey())))
                        .iterator();
                return new Cursor(all, mintMs, maxtMs);
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
                // holds nothing
            }
        };
    }

    private static final class Cursor implements SeriesSet {
        private final Iterator<Map.Entry<Labels, NavigableMap<Long, Double>>> all;
        private final long mintMs;
        private final long maxtMs;
        private Map.@Nullable Entry<Labels, NavigableMap<Long, Double>> current;

        Cursor(Iterator<Map.Entry<Labels, NavigableMap<Long, Double>>> all, long mintMs, long maxtMs) {
            this.all = all;
            this.mintMs = mintMs;
            this.maxtMs = maxtMs;
        }

        @Override
        public boolean next() {
            boolean more = all.hasNext();
            current = more ? all.next() : null;
            return more;
        }

        @Override
        public Labels labels() {
            return current == null ? Labels.EMPTY : current.getKey();
        }

        @Override
        public void samples(SampleBuffer into) {
            if (current != null) {
                current.getValue().subMap(mintMs, true, maxtMs, true).forEach(into::add);
            }
        }
    }
}
