// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import dev.narthex.model.Exemplar;
import dev.narthex.model.GoFloat;
import dev.narthex.model.Labels;
import dev.narthex.model.Metadata;
import dev.narthex.model.NativeHistogram;
import dev.narthex.model.StalenessMarker;
import dev.narthex.storage.AppendResult;
import dev.narthex.storage.Appendable;
import dev.narthex.storage.Appender;
import dev.narthex.storage.SeriesLimitException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A storage that is as simple as can be: a sorted map of samples a series. Safe for use by many threads. */
final class MemoryStorage implements Appendable {
    private final Map<Labels, Long> refs = new LinkedHashMap<>();
    private static final int MAX_EXEMPLAR_CHARACTERS = 128;
    private static final Comparator<Exemplar> EXEMPLARS = Comparator.comparingLong(Exemplar::timestampMs)
            .thenComparing((left, right) -> left.value() < right.value() ? -1 : left.value() > right.value() ? 1 : 0)
            .thenComparing(Exemplar::labels);

    private final List<Labels> series = new ArrayList<>();
    private final List<TreeMap<Long, Double>> samples = new ArrayList<>();
    private final List<TreeMap<Long, NativeHistogram>> histograms = new ArrayList<>();
    private final List<List<Exemplar>> exemplars = new ArrayList<>();
    private final Map<Labels, Metadata> metadata = new LinkedHashMap<>();
    private final List<String> startTimestamps = new ArrayList<>();
    private int forgottenBelow;
    private int seriesLimit = Integer.MAX_VALUE;
    private boolean full;
    private long minTimeMs = Long.MIN_VALUE;
    private int lookups;
    private int commits;

    /** Forgets all references, as a storage does with series that have had no samples for hours. */
    synchronized void forgetReferences() {
        refs.clear();
        forgottenBelow = series.size();
    }

    synchronized void limitSeries(int most) {
        seriesLimit = most;
    }

    /** Whether commits fail from now on. */
    synchronized void full(boolean isFull) {
        full = isFull;
    }

    /** Refuses samples that are older. */
    synchronized void refuseBefore(long timestampMs) {
        minTimeMs = timestampMs;
    }

    /** How often labels were looked up so far. */
    synchronized int lookups() {
        return lookups;
    }

    synchronized int commits() {
        return commits;
    }

    /** Values by timestamp of a series, staleness markers as {@link StalenessMarker#VALUE}; empty where there is none. */
    synchronized Map<Long, Double> samples(Labels labels) {
        Map<Long, Double> found = new TreeMap<>();
        for (int i = 0; i < series.size(); i++) {
            if (series.get(i).equals(labels)) {
                found.putAll(samples.get(i));
            }
        }
        return found;
    }

    /** Native histograms by timestamp of a series; empty where there is none. */
    synchronized Map<Long, NativeHistogram> histograms(Labels labels) {
        Map<Long, NativeHistogram> found = new TreeMap<>();
        for (int i = 0; i < series.size(); i++) {
            if (series.get(i).equals(labels)) {
                found.putAll(histograms.get(i));
            }
        }
        return found;
    }

    private static int characters(Labels labels) {
        int count = 0;
        for (int i = 0; i < labels.size(); i++) {
            count += (labels.name(i) + labels.value(i))
                    .codePointCount(0, labels.name(i).length() + labels.value(i).length());
        }
        return count;
    }

    /** The exemplars of a series in the order they came, those that were there before left out. */
    synchronized List<Exemplar> exemplars(Labels labels) {
        List<Exemplar> found = new ArrayList<>();
        for (int i = 0; i < series.size(); i++) {
            if (series.get(i).equals(labels)) {
                found.addAll(exemplars.get(i));
            }
        }
        return found;
    }

    /** What was noted of the metric of each series. */
    synchronized Map<Labels, Metadata> metadata() {
        return new LinkedHashMap<>(metadata);
    }

    /** Metric name and start timestamp of each sample that came with one. */
    synchronized List<String> startTimestamps() {
        return List.copyOf(startTimestamps);
    }

    /** The values of a series in order of time, {@code stale} for a staleness marker. */
    List<String> values(Labels labels) {
        List<String> values = new ArrayList<>();
        for (double value : samples(labels).values()) {
            values.add(StalenessMarker.is(value) ? "stale" : GoFloat.general(value));
        }
        return values;
    }

    /** The labels of all series that have samples. */
    synchronized List<Labels> series() {
        List<Labels> found = new ArrayList<>();
        for (int i = 0; i < series.size(); i++) {
            boolean filled = !samples.get(i).isEmpty() || !histograms.get(i).isEmpty();
            if (filled && !found.contains(series.get(i))) {
                found.add(series.get(i));
            }
        }
        return found;
    }

    @Override
    public Appender appender() {
        return new MemoryAppender();
    }

    private record Pending(int index, long timestampMs, double value) {}

    private record PendingHistogram(int index, long timestampMs, NativeHistogram histogram) {}

    private final class MemoryAppender implements Appender {
        private final List<PendingHistogram> pendingHistograms = new ArrayList<>();
        private final List<Pending> pending = new ArrayList<>();

        @Override
        public long series(Labels labels) {
            synchronized (MemoryStorage.this) {
                lookups++;
                Long known = refs.get(labels);
                if (known != null) {
                    return known;
                }
                if (series.size() >= seriesLimit) {
                    throw new SeriesLimitException("no memory for more than " + seriesLimit + " series");
                }
                series.add(labels);
                samples.add(new TreeMap<>());
                histograms.add(new TreeMap<>());
                exemplars.add(new ArrayList<>());
                long ref = series.size();
                refs.put(labels, ref);
                return ref;
            }
        }

        @Override
        public AppendResult append(long seriesRef, long timestampMs, double value) {
            synchronized (MemoryStorage.this) {
                if (timestampMs < minTimeMs) {
                    return AppendResult.OUT_OF_BOUNDS;
                }
                int index = Math.toIntExact(seriesRef) - 1;
                if (index < forgottenBelow) {
                    return AppendResult.UNKNOWN_SERIES;
                }
                TreeMap<Long, Double> stored = samples.get(index);
                if (!stored.isEmpty() && stored.lastKey() > timestampMs) {
                    return AppendResult.OUT_OF_ORDER;
                }
                Double same = stored.get(timestampMs);
                if (same != null && Double.doubleToRawLongBits(same) != Double.doubleToRawLongBits(value)) {
                    return AppendResult.DUPLICATE;
                }
                pending.add(new Pending(index, timestampMs, value));
                return AppendResult.ACCEPTED;
            }
        }

        @Override
        public AppendResult append(long seriesRef, long timestampMs, NativeHistogram histogram) {
            synchronized (MemoryStorage.this) {
                if (timestampMs < minTimeMs) {
                    return AppendResult.OUT_OF_BOUNDS;
                }
                int index = Math.toIntExact(seriesRef) - 1;
                if (index < forgottenBelow) {
                    return AppendResult.UNKNOWN_SERIES;
                }
                TreeMap<Long, NativeHistogram> stored = histograms.get(index);
                if (!stored.isEmpty() && stored.lastKey() > timestampMs) {
                    return AppendResult.OUT_OF_ORDER;
                }
                if (stored.containsKey(timestampMs) && !histogram.equals(stored.get(timestampMs))) {
                    return AppendResult.DUPLICATE;
                }
                pendingHistograms.add(new PendingHistogram(index, timestampMs, histogram));
                return AppendResult.ACCEPTED;
            }
        }

        @Override
        public AppendResult append(long seriesRef, Exemplar exemplar) {
            synchronized (MemoryStorage.this) {
                List<Exemplar> stored = exemplars.get(Math.toIntExact(seriesRef) - 1);
                if (characters(exemplar.labels()) > MAX_EXEMPLAR_CHARACTERS) {
                    return AppendResult.EXEMPLAR_TOO_LONG;
                }
                int order = stored.isEmpty() ? 1 : EXEMPLARS.compare(exemplar, stored.getLast());
                if (order <= 0) {
                    return order == 0 ? AppendResult.DUPLICATE_EXEMPLAR : AppendResult.OUT_OF_ORDER_EXEMPLAR;
                }
                stored.add(exemplar);
                return AppendResult.ACCEPTED;
            }
        }

        @Override
        public AppendResult startTimestamp(long seriesRef, long timestampMs, long startTimestampMs, boolean histogram) {
            synchronized (MemoryStorage.this) {
                startTimestamps.add(series.get(Math.toIntExact(seriesRef) - 1).metricName() + " " + startTimestampMs
                        + (histogram ? " histogram" : ""));
                return AppendResult.ACCEPTED;
            }
        }

        @Override
        public void metadata(long seriesRef, Metadata noted) {
            synchronized (MemoryStorage.this) {
                metadata.put(series.get(Math.toIntExact(seriesRef) - 1), noted);
            }
        }

        @Override
        public void commit() throws IOException {
            synchronized (MemoryStorage.this) {
                commits++;
                if (full) {
                    throw new IOException("no space left on device");
                }
                for (Pending sample : pending) {
                    // The first sample of a timestamp stays, and none goes before the last.
                    TreeMap<Long, Double> stored = samples.get(sample.index);
                    if (stored.isEmpty() || stored.lastKey() <= sample.timestampMs) {
                        stored.putIfAbsent(sample.timestampMs, sample.value);
                    }
                }
                pending.clear();
                for (PendingHistogram sample : pendingHistograms) {
                    TreeMap<Long, NativeHistogram> stored = histograms.get(sample.index);
                    if (stored.isEmpty() || stored.lastKey() <= sample.timestampMs) {
                        stored.putIfAbsent(sample.timestampMs, sample.histogram);
                    }
                }
                pendingHistograms.clear();
            }
        }

        @Override
        public void rollback() {
            pendingHistograms.clear();
            pending.clear();
        }

        @Override
        public void close() {
            rollback();
        }
    }
}
