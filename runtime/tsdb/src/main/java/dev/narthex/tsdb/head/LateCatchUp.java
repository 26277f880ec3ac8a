// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import dev.narthex.model.NativeHistogram;
import dev.narthex.tsdb.wal.MmapMarkerRecords;
import dev.narthex.tsdb.wal.RecordType;
import dev.narthex.tsdb.wal.WalBatch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Samples that were taken while the log was replayed and turn out to be out of order, but within the window: they go to the
 * log for such samples, and to memory. For one thread.
 */
final class LateCatchUp {
    private static final int TOGETHER = 1024;

    private final Head head;
    private final List<Late> late = new ArrayList<>();
    /** What the window counts from: the newest sample from before the replay. */
    private long newestMs = Long.MIN_VALUE;

    private record Late(
            int record,
            long timestampMs,
            double value,
            @Nullable NativeHistogram histogram,
            long startMs) {}

    LateCatchUp(Head head) {
        this.head = head;
    }

    /** Says that the head has what was there before the replay. */
    void begin() {
        newestMs = head.maxTimeMs();
    }

    /**
     * Takes a sample that is out of order.
     *
     * @param histogram null for a float
     * @return false where it is older than the window
     * @throws IOException when the log could not be written
     */
    boolean take(int record, long timestampMs, double value, @Nullable NativeHistogram histogram, long startMs)
            throws IOException {
        if (timestampMs < head.outOfOrder().fromMs(newestMs)) {
            return false;
        }
        late.add(new Late(record, timestampMs, value, histogram, startMs));
        if (late.size() == TOGETHER) {
            flush();
        }
        return true;
    }

    /** Writes and adds what was taken. */
    void flush() throws IOException {
        if (!late.isEmpty()) {
            head.betweenCommits(this::flushLocked);
            late.clear();
        }
    }

    private void flushLocked() throws IOException {
        WalBatch batch = new WalBatch();
        long newestMs = Long.MIN_VALUE;
        for (Late sample : late) {
            long ref = head.index().refOf(sample.record);
            newestMs = Math.max(newestMs, sample.timestampMs);
            if (head.outOfOrder().store().beginsChain(sample.record)) {
                batch.begin(RecordType.MMAP_MARKERS);
                MmapMarkerRecords.write(batch, ref, 0);
                batch.end();
            }
            SingleSampleRecord.write(batch, ref, sample.timestampMs, sample.value, sample.histogram, sample.startMs);
        }
        head.outOfOrder().catchUp(batch, newestMs);
        for (Late sample : late) {
            head.outOfOrder().add(sample.record, sample.timestampMs, sample.value, sample.histogram, sample.startMs, 0);
        }
    }
}
