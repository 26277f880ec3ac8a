// SPDX-License-Identifier: Apache-2.0
package dev.narthex.remote.write;

import dev.narthex.model.Exemplar;
import dev.narthex.model.Labels;
import dev.narthex.model.Metadata;
import dev.narthex.model.NativeHistogram;
import dev.narthex.storage.AppendResult;
import dev.narthex.storage.Appendable;
import dev.narthex.storage.Appender;
import dev.narthex.storage.SeriesLimitException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A storage that writes down what is committed, rejects what is not newer, and may be told to fail. */
final class RecordingStorage implements Appendable {
    final List<String> committed = new ArrayList<>();
    private final Map<Labels, Long> refs = new HashMap<>();
    private final Map<Long, Labels> series = new HashMap<>();
    private final Map<Long, Long> newest = new HashMap<>();
    private long lastRef;
    int resolved;
    int seriesLimit = Integer.MAX_VALUE;

    @Nullable
    IOException failure;

    /** Forgets all series, as after they had no samples for long. */
    void forget() {
        refs.clear();
        series.clear();
    }

    @Override
    public Appender appender() {
        return new Transaction();
    }

    private final class Transaction implements Appender {
        private final List<String> pending = new ArrayList<>();
        private final Map<Long, Long> pendingNewest = new HashMap<>();

        @Override
        public long series(Labels labels) {
            resolved++;
            Long known = refs.get(labels);
            if (known != null) {
                return known;
            }
            if (refs.size() >= seriesLimit) {
                throw new SeriesLimitException("no memory for series");
            }
            refs.put(labels, ++lastRef);
            series.put(lastRef, labels);
            return lastRef;
        }

        private AppendResult add(long ref, long timestampMs, String text) {
            Labels labels = series.get(ref);
            if (labels == null) {
                return AppendResult.UNKNOWN_SERIES;
            }
            if (timestampMs <= newest.getOrDefault(ref, Long.MIN_VALUE)) {
                return AppendResult.OUT_OF_ORDER;
            }
            pendingNewest.put(ref, timestampMs);
            pending.add(labels + " " + timestampMs + " " + text);
            return AppendResult.ACCEPTED;
        }

        @Override
        public AppendResult append(long seriesRef, long timestampMs, double value) {
            return add(seriesRef, timestampMs, Double.toString(value));
        }

        @Override
        public AppendResult append(long seriesRef, long timestampMs, NativeHistogram histogram) {
            return add(seriesRef, timestampMs, histogram.toString());
        }

        @Override
        public AppendResult append(long seriesRef, Exemplar exemplar) {
            pending.add(series.get(seriesRef) + " exemplar " + exemplar);
            return AppendResult.ACCEPTED;
        }

        @Override
        public AppendResult startTimestamp(long seriesRef, long timestampMs, long startTimestampMs, boolean histogram) {
            pending.add(series.get(seriesRef) + " start " + startTimestampMs);
            return AppendResult.ACCEPTED;
        }

        @Override
        public void metadata(long seriesRef, Metadata metadata) {
            pending.add(series.get(seriesRef) + " " + metadata);
        }

        @Override
        public void commit() throws IOException {
            if (failure != null) {
                throw failure;
            }
            newest.putAll(pendingNewest);
            committed.addAll(pending);
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
    }
}
