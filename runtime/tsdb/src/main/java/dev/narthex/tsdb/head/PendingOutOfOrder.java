// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import dev.narthex.tsdb.wal.MmapMarkerRecords;
import dev.narthex.tsdb.wal.RecordType;
import dev.narthex.tsdb.wal.WalBatch;
import java.util.Arrays;
import java.util.BitSet;

/**
 * Those samples of a transaction that are out of order when it is committed: older than the last sample of their series
 * is then, earlier ones of the same transaction included, or than what the head takes in order. Used again and again; for
 * the writer.
 */
final class PendingOutOfOrder {
    private static final int RECORD_SAMPLES = 1 << 10;

    private final BitSet floats = new BitSet();
    private final BitSet histograms = new BitSet();
    private final WalBatch batch = new WalBatch();
    /** Series records by hash, 0 where free, and the last timestamp of each as the transaction goes on. */
    private int[] keys = new int[256];

    private long[] lasts = new long[256];
    private int used;
    private int count;
    private long newestMs;

    /** Finds out which samples are out of order. */
    void find(HeadAppender appender, Head head) {
        floats.clear();
        histograms.clear();
        count = 0;
        newestMs = Long.MIN_VALUE;
        if (!appender.hasWindow()) {
            return;
        }
        boolean repeated = !appender.isAscending() || appender.histograms().count() > 0;
        PendingHistograms pending = appender.histograms();
        int at = 0;
        int histogram = 0;
        for (int section = 0; section < pending.sections(); section++) {
            for (int end = pending.floatEnd(section, appender.count()); at < end; at++) {
                if (isLate(head, appender, repeated, appender.record(at), appender.ref(at), appender.timestampMs(at))) {
                    floats.set(at);
                }
            }
            for (int end = pending.histogramEnd(section); histogram < end; histogram++) {
                if (isLate(
                        head,
                        appender,
                        repeated,
                        pending.record(histogram),
                        pending.ref(histogram),
                        pending.timestampMs(histogram))) {
                    histograms.set(histogram);
                }
            }
        }
        if (used > 0) {
            Arrays.fill(keys, 0);
            used = 0;
        }
    }

    private boolean isLate(Head head, HeadAppender appender, boolean repeated, int record, long ref, long timestampMs) {
        long[] fields = head.seriesPage(record);
        int base = head.seriesOffset(record);
        if ((fields[base + SeriesLayout.REF] & SeriesLayout.REF_MASK) != ref) {
            return false;
        }
        long last = fields[base + SeriesLayout.LAST_T];
        int place = -1;
        if (repeated) {
            if (2 * (used + 1) > keys.length) {
                grow();
            }
            place = place(record);
            if (keys[place] == 0) {
                keys[place] = record;
                lasts[place] = last;
                used++;
            }
            last = lasts[place];
        }
        boolean before = timestampMs < last || (timestampMs < appender.inOrderFromMs() && timestampMs != last);
        if (before && timestampMs >= appender.outOfOrderFromMs()) {
            count++;
            newestMs = Math.max(newestMs, timestampMs);
            return true;
        }
        if (place >= 0) {
            lasts[place] = Math.max(last, timestampMs);
        }
        return false;
    }

    private int place(int record) {
        int mask = keys.length - 1;
        int at = (record * 0x9E3779B9) >>> 7 & mask;
        while (keys[at] != 0 && keys[at] != record) {
            at = (at + 1) & mask;
        }
        return at;
    }

    private void grow() {
        int[] formerKeys = keys;
        long[] formerLasts = lasts;
        keys = new int[2 * formerKeys.length];
        lasts = new long[keys.length];
        for (int i = 0; i < formerKeys.length; i++) {
            if (formerKeys[i] != 0) {
                int at = place(formerKeys[i]);
                keys[at] = formerKeys[i];
                lasts[at] = formerLasts[i];
            }
        }
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** Whether a float of the transaction is out of order. */
    boolean isFloat(int at) {
        return count > 0 && floats.get(at);
    }

    /** Whether a histogram of the transaction is out of order. */
    boolean isHistogram(int at) {
        return count > 0 && histograms.get(at);
    }

    long newestMs() {
        return newestMs;
    }

    /** The records for the log of samples out of order; what is there already is left out. */
    WalBatch records(HeadAppender appender, OutOfOrderStore store) {
        batch.clear();
        writeMarkers(appender, store);
        long baseRef = 0;
        long baseMs = 0;
        int inRecord = 0;
        for (int at = floats.nextSetBit(0); at >= 0; at = floats.nextSetBit(at + 1)) {
            long t = appender.timestampMs(at);
            if (store.isDuplicate(appender.record(at), t)) {
                continue;
            }
            if (appender.startMs(at) != 0) {
                if (inRecord > 0) {
                    batch.end();
                    inRecord = 0;
                }
                SingleSampleRecord.write(batch, appender.ref(at), t, appender.value(at), null, appender.startMs(at));
                continue;
            }
            if (inRecord == RECORD_SAMPLES) {
                batch.end();
                inRecord = 0;
            }
            if (inRecord++ == 0) {
                baseRef = appender.ref(at);
                baseMs = t;
                batch.begin(RecordType.SAMPLES);
                batch.putSamplesBase(baseRef, baseMs);
            }
            batch.putSample(appender.ref(at) - baseRef, t - baseMs, appender.value(at));
        }
        if (inRecord > 0) {
            batch.end();
        }
        writeHistograms(appender.histograms(), store);
        return batch;
    }

    /** As Prometheus does: says of which series nothing in files stands before. */
    private void writeMarkers(HeadAppender appender, OutOfOrderStore store) {
        boolean begun = false;
        int former = 0;
        for (int at = floats.nextSetBit(0); at >= 0; at = floats.nextSetBit(at + 1)) {
            int record = appender.record(at);
            if (record != former && store.beginsChain(record)) {
                begun = writeMarker(begun, appender.ref(at));
            }
            former = record;
        }
        PendingHistograms pending = appender.histograms();
        for (int at = histograms.nextSetBit(0); at >= 0; at = histograms.nextSetBit(at + 1)) {
            int record = pending.record(at);
            if (record != former && store.beginsChain(record)) {
                begun = writeMarker(begun, pending.ref(at));
            }
            former = record;
        }
        if (begun) {
            batch.end();
        }
    }

    private boolean writeMarker(boolean begun, long ref) {
        if (!begun) {
            batch.begin(RecordType.MMAP_MARKERS);
        }
        MmapMarkerRecords.write(batch, ref, 0);
        return true;
    }

    private void writeHistograms(PendingHistograms pending, OutOfOrderStore store) {
        for (int at = histograms.nextSetBit(0); at >= 0; at = histograms.nextSetBit(at + 1)) {
            if (store.isDuplicate(pending.record(at), pending.timestampMs(at))) {
                continue;
            }
            SingleSampleRecord.write(
                    batch, pending.ref(at), pending.timestampMs(at), 0, pending.histogram(at), pending.startMs(at));
        }
    }
}
