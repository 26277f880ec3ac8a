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

    private final HeadReplay replay;
    private final HeadIndex index;
    private final HeadSamples store;
    private final int[] records = new int[BATCH];
    private final long[] opens = new long[BATCH];
    private long samples;
    private long unknownSeries;
    /** Keeps the compiler from leaving the touching out. */
    private long touched;

    ReplayedSamples(Head head, HeadReplay replay) {
        this.replay = replay;
        index = head.index();
        store = head.samples();
    }

    /** Brings back samples, columns of which are given. */
    public void add(long[] refs, long[] timestampsMs, double[] values, int from, int to) {
        for (int start = from; start < to; start += BATCH) {
            batch(refs, timestampsMs, values, start, Math.min(to - start, BATCH));
        }
    }

    private void batch(long[] refs, long[] timestampsMs, double[] values, int from, int size) {
        SeriesRefs table = index.refs;
        for (int i = 0; i < size; i++) {
            records[i] = table.record(refs[from + i]);
        }
        touch(size);
        for (int i = 0; i < size; i++) {
            if (records[i] == 0) {
                unknownSeries++;
                replay.unknown(refs[from + i]);
            } else {
                replay.sample(records[i], timestampsMs[from + i], values[from + i]);
                samples++;
            }
        }
    }

    private void touch(int size) {
        LongRecords series = store.series();
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
                byte[] page = store.openChunks().page(chunk);
                sum += page[store.openChunks().offset(chunk)];
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
