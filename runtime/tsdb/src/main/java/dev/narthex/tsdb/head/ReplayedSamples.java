// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import dev.narthex.memory.LongRecords;

/**
 * Float samples of the log that are brought back together. With many series nearly all time of a replay goes into waiting
 * for memory: the entry of the reference, the record of the series, the end of its open chunk. All samples of a batch
 * touch one of these before any touches the next, so that the waits overlap. For one thread.
 */
public final class ReplayedSamples {
    private static final int BATCH = 128;

    private final Head head;
    private final long[] refs = new long[BATCH];
    private final long[] timestampsMs = new long[BATCH];
    private final double[] values = new double[BATCH];
    private final int[] records = new int[BATCH];
    private final long[] opens = new long[BATCH];
    private int count;
    private long samples;
    private long unknownSeries;
    /** Keeps the compiler from leaving the touching out. */
    private long touched;

    ReplayedSamples(Head head) {
        this.head = head;
    }

    public void add(long ref, long timestampMs, double value) {
        int at = count;
        refs[at] = ref;
        timestampsMs[at] = timestampMs;
        values[at] = value;
        count = at + 1;
        if (count == BATCH) {
            flush();
        }
    }

    /** Brings back what was added: before another kind of record is taken from the log. */
    public void flush() {
        int size = count;
        count = 0;
        SeriesRefs table = head.index().refs;
        for (int i = 0; i < size; i++) {
            records[i] = table.record(refs[i]);
        }
        touch(size);
        for (int i = 0; i < size; i++) {
            if (records[i] == 0) {
                unknownSeries++;
            } else {
                head.replaySample(records[i], timestampsMs[i], values[i]);
                samples++;
            }
        }
    }

    private void touch(int size) {
        LongRecords series = head.samples().series();
        long sum = 0;
        for (int i = 0; i < size; i++) {
            if (records[i] != 0) {
                long[] fields = series.page(records[i]);
                int base = series.offset(records[i]);
                opens[i] = fields[base + SeriesLayout.OPEN];
                sum += fields[base + SeriesLayout.LABELS];
            }
        }
        for (int i = 0; i < size; i++) {
            int chunk = (int) (opens[i] >>> 32);
            if (records[i] != 0 && chunk != 0) {
                byte[] page = head.samples().openChunks().page(chunk);
                sum += page[head.samples().openChunks().offset(chunk)];
            }
        }
        touched += sum;
    }

    /** Samples whose series is known. */
    public long samples() {
        return samples;
    }

    /** Samples whose series is not known. */
    public long unknownSeries() {
        return unknownSeries;
    }

    @Override
    public String toString() {
        return "samples=" + samples + " unknown_series=" + unknownSeries + " touched=" + touched;
    }
}
