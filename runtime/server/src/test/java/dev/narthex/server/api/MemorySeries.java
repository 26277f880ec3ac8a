// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.api;

import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.storage.Querier;
import dev.narthex.storage.Queryable;
import dev.narthex.storage.SampleBuffer;
import dev.narthex.storage.SelectHints;
import dev.narthex.storage.SeriesSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** A storage of a few series that lie in a map, each with one value every second. */
final class MemorySeries implements Queryable {
    private final TreeMap<Labels, Double> series;

    MemorySeries(Map<Labels, Double> series) {
        this.series = new TreeMap<>(series);
    }

    @Override
    public Querier querier(long mintMs, long maxtMs) {
        return new Querier() {
            @Override
            public SeriesSet select(SelectHints hints, List<LabelMatcher> matchers) {
                return cursor(matching(matchers).iterator(), mintMs, maxtMs);
            }

            @Override
            public List<String> labelNames(List<LabelMatcher> matchers) {
                TreeSet<String> names = new TreeSet<>();
                matching(matchers).forEach(labels -> {
                    for (int i = 0; i < labels.size(); i++) {
                        names.add(labels.name(i));
                    }
                });
                return List.copyOf(names);
            }

            @Override
            public List<String> labelValues(String name, List<LabelMatcher> matchers) {
                return matching(matchers)
                        .map(labels -> labels.getOrEmpty(name))
                        .filter(value -> !value.isEmpty())
                        .distinct()
                        .sorted()
                        .toList();
            }

            @Override
            public void close() {}
        };
    }

    private Stream<Labels> matching(List<LabelMatcher> matchers) {
        return series.keySet().stream()
                .filter(labels -> matchers.stream().allMatch(matcher -> matcher.matches(labels)));
    }

    private SeriesSet cursor(Iterator<Labels> selected, long mintMs, long maxtMs) {
        return new SeriesSet() {
            private Labels current = Labels.EMPTY;

            @Override
            public boolean next() {
                boolean more = selected.hasNext();
                if (more) {
                    current = selected.next();
                }
                return more;
            }

            @Override
            public Labels labels() {
                return current;
            }

            @Override
            public void samples(SampleBuffer into) {
                Double value = series.get(current);
                long lastMs = Math.floorDiv(maxtMs, 1000L) * 1000;
                long firstMs = Math.max(mintMs, lastMs - 600_000);
                for (long timestampMs = Math.ceilDiv(firstMs, 1000L) * 1000;
                        timestampMs <= lastMs;
                        timestampMs += 1000) {
                    into.add(timestampMs, value == null ? 0 : value);
                }
            }
        };
    }
}
