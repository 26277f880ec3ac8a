// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql;

import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
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
import org.jspecify.annotations.Nullable;

/** A storage for tests, as simple as can be: sorted maps that are searched from end to end. */
public final class MemoryStorage implements Queryable {
    private final NavigableMap<Labels, NavigableMap<Long, Double>> series = new TreeMap<>();
    private int openQueriers;

    public void add(Labels labels, long timestampMs, double value) {
        series.computeIfAbsent(labels, _ -> new TreeMap<>()).put(timestampMs, value);
    }

    /** Makes a series that may have no samples. */
    public void addSeries(Labels labels) {
        series.computeIfAbsent(labels, _ -> new TreeMap<>());
    }

    public Map<Labels, NavigableMap<Long, Double>> series() {
        return series;
    }

    /** How many queriers were opened and not closed. */
    public int openQueriers() {
        return openQueriers;
    }

    @Override
    public Querier querier(long mintMs, long maxtMs) {
        openQueriers++;
        return new Querier() {
            @Override
            public SeriesSet select(SelectHints hints, List<LabelMatcher> matchers) {
                List<Map.Entry<Labels, NavigableMap<Long, Double>>> found = new ArrayList<>();
                for (Map.Entry<Labels, NavigableMap<Long, Double>> entry : series.entrySet()) {
                    if (matchers.stream().allMatch(matcher -> matcher.matches(entry.getKey()))) {
                        found.add(entry);
                    }
                }
                return new Found(found.iterator(), mintMs, maxtMs);
            }

            @Override
            public List<String> labelNames(List<LabelMatcher> matchers) {
                throw new UnsupportedOperationException("queries ask for no label names");
            }

            @Override
            public List<String> labelValues(String name, List<LabelMatcher> matchers) {
                throw new UnsupportedOperationException("queries ask for no label values");
            }

            @Override
            public void close() {
                openQueriers--;
            }
        };
    }

    private static final class Found implements SeriesSet {
        private final Iterator<Map.Entry<Labels, NavigableMap<Long, Double>>> entries;
        private final long mintMs;
        private final long maxtMs;
        private Map.@Nullable Entry<Labels, NavigableMap<Long, Double>> current;

        Found(Iterator<Map.Entry<Labels, NavigableMap<Long, Double>>> entries, long mintMs, long maxtMs) {
            this.entries = entries;
            this.mintMs = mintMs;
            this.maxtMs = maxtMs;
        }

        @Override
        public boolean next() {
            boolean more = entries.hasNext();
            current = more ? entries.next() : null;
            return more;
        }

        private Map.Entry<Labels, NavigableMap<Long, Double>> current() {
            Map.Entry<Labels, NavigableMap<Long, Double>> entry = current;
            if (entry == null) {
                throw new IllegalStateException("no current series");
            }
            return entry;
        }

        @Override
        public Labels labels() {
            return current().getKey();
        }

        @Override
        public void samples(SampleBuffer into) {
            if (mintMs <= maxtMs) {
                current().getValue().subMap(mintMs, true, maxtMs, true).forEach(into::add);
            }
        }
    }
}
