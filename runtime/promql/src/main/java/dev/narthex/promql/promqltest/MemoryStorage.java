// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.promqltest;

import dev.narthex.model.FloatSample;
import dev.narthex.model.HistogramSample;
import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.model.NativeHistogram;
import dev.narthex.model.Sample;
import dev.narthex.storage.Querier;
import dev.narthex.storage.Queryable;
import dev.narthex.storage.SampleBuffer;
import dev.narthex.storage.SelectHints;
import dev.narthex.storage.SeriesSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A storage in memory, as simple as can be: sorted maps that are searched from end to end. For the tests of a test file; for
 * one thread.
 */
public final class MemoryStorage implements Queryable {
    private final NavigableMap<Labels, NavigableMap<Long, Sample>> series = new TreeMap<>();
    private final Map<Labels, Map<Long, Long>> starts = new HashMap<>();
    private int openQueriers;

    public void add(Labels labels, long timestampMs, double value) {
        samples(labels).put(timestampMs, new FloatSample(timestampMs, value));
    }

    /**
     * Adds a native histogram. What is known of counter resets when it is read is what a time series database knows that
     * keeps histograms in chunks: see {@link ResetHints}.
     */
    public void add(Labels labels, long timestampMs, NativeHistogram histogram) {
        samples(labels).put(timestampMs, new HistogramSample(timestampMs, histogram));
    }

    /** Says when the counting began that the sample of a time shows, milliseconds since 1970. */
    public void addStart(Labels labels, long timestampMs, long startTimestampMs) {
        starts.computeIfAbsent(labels, _ -> new HashMap<>()).put(timestampMs, startTimestampMs);
    }

    /** Makes a series that may have no samples. */
    public void addSeries(Labels labels) {
        samples(labels);
    }

    private NavigableMap<Long, Sample> samples(Labels labels) {
        return series.computeIfAbsent(labels, _ -> new TreeMap<>());
    }

    /** All series with their samples by time. */
    public Map<Labels, NavigableMap<Long, Sample>> series() {
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
                List<Map.Entry<Labels, NavigableMap<Long, Sample>>> found = new ArrayList<>();
                for (Map.Entry<Labels, NavigableMap<Long, Sample>> entry : series.entrySet()) {
                    if (LabelMatcher.allMatch(matchers, entry.getKey())) {
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

    private final class Found implements SeriesSet {
        private final Iterator<Map.Entry<Labels, NavigableMap<Long, Sample>>> entries;
        private final long mintMs;
        private final long maxtMs;
        private Map.@Nullable Entry<Labels, NavigableMap<Long, Sample>> current;

        Found(Iterator<Map.Entry<Labels, NavigableMap<Long, Sample>>> entries, long mintMs, long maxtMs) {
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

        private Map.Entry<Labels, NavigableMap<Long, Sample>> current() {
            Map.Entry<Labels, NavigableMap<Long, Sample>> entry = current;
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
            if (mintMs > maxtMs) {
                return;
            }
            ResetHints hints = new ResetHints();
            Map<Long, Long> startsByTime = starts.getOrDefault(labels(), Map.of());
            for (Sample sample : current().getValue().headMap(maxtMs, true).values()) {
                switch (sample) {
                    case FloatSample number -> {
                        hints.interrupt();
                        if (number.timestampMs() >= mintMs) {
                            into.add(number.timestampMs(), number.value());
                            start(into, startsByTime.get(number.timestampMs()));
                        }
                    }
                    case HistogramSample histogram -> {
                        NativeHistogram hinted =
                                hints.hinted(histogram.histogram().toFloat());
                        if (histogram.timestampMs() >= mintMs) {
                            into.add(histogram.timestampMs(), hinted);
                            start(into, startsByTime.get(histogram.timestampMs()));
                        }
                    }
                }
            }
        }

        private static void start(SampleBuffer into, @Nullable Long startTimestampMs) {
            if (startTimestampMs != null) {
                into.startTimestamp(startTimestampMs);
            }
        }
    }
}
