// SPDX-License-Identifier: Apache-2.0
package dev.narthex.benchmarks.promql;

import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.model.NativeHistogram;
import dev.narthex.storage.Querier;
import dev.narthex.storage.Queryable;
import dev.narthex.storage.SampleBuffer;
import dev.narthex.storage.SelectHints;
import dev.narthex.storage.SeriesSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Series as plain arrays, found by their metric name alone; reading them is one copy. */
final class ArrayStorage implements Queryable {
    private final Map<String, List<Series>> byName = new HashMap<>();

    private static final class Series {
        private final Labels labels;
        private final long[] timestampsMs;
        private final double[] values;
        private final NativeHistogram @Nullable [] histograms;

        Series(Labels labels, long[] timestampsMs, double[] values, NativeHistogram @Nullable [] histograms) {
            this.histograms = histograms;
            this.labels = labels;
            this.timestampsMs = timestampsMs;
            this.values = values;
        }
    }

    void add(Labels labels, long[] timestampsMs, double[] values) {
        byName.computeIfAbsent(labels.metricName(), _ -> new ArrayList<>())
                .add(new Series(labels, timestampsMs, values, null));
    }

    void add(Labels labels, long[] timestampsMs, NativeHistogram[] histograms) {
        byName.computeIfAbsent(labels.metricName(), _ -> new ArrayList<>())
                .add(new Series(labels, timestampsMs, new double[histograms.length], histograms));
    }

    @Override
    public Querier querier(long mintMs, long maxtMs) {
        return new Querier() {
            @Override
            public SeriesSet select(SelectHints hints, List<LabelMatcher> matchers) {
                String name = matchers.stream()
                        .filter(matcher -> matcher.name().equals(Labels.METRIC_NAME))
                        .findFirst()
                        .orElseThrow()
                        .value();
                return new Found(byName.getOrDefault(name, List.of()), mintMs, maxtMs);
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

    private static final class Found implements SeriesSet {
        private final List<Series> series;
        private final long mintMs;
        private final long maxtMs;
        private int next;

        Found(List<Series> series, long mintMs, long maxtMs) {
            this.series = series;
            this.mintMs = mintMs;
            this.maxtMs = maxtMs;
        }

        @Override
        public boolean next() {
            return next++ < series.size();
        }

        @Override
        public Labels labels() {
            return series.get(next - 1).labels;
        }

        @Override
        public void samples(SampleBuffer into) {
            Series current = series.get(next - 1);
            int from = 0;
            int to = current.timestampsMs.length;
            while (from < to && current.timestampsMs[from] < mintMs) {
                from++;
            }
            while (to > from && current.timestampsMs[to - 1] > maxtMs) {
                to--;
            }
            int size = into.size();
            into.reserve(to - from);
            System.arraycopy(current.timestampsMs, from, into.timestampsMs(), size, to - from);
            System.arraycopy(current.values, from, into.values(), size, to - from);
            NativeHistogram[] histograms = current.histograms;
            if (histograms != null) {
                System.arraycopy(histograms, from, into.histogramsForWriting(), size, to - from);
            }
            into.setSize(size + to - from);
        }
    }
}
