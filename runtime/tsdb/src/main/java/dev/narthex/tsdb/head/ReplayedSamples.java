// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import dev.narthex.memory.ByteSlab;
import dev.narthex.memory.LongRecords;
import org.jspecify.annotations.Nullable;

/**
 * Float samples of the log that are brought back together. With many series nearly all time of a replay goes into waiting
 * for memory: the entry of the reference, the record of the series, the end of its open chunk. All samples of a batch
 * touch one of these before any touches the next, so that the waits overlap. For one thread.
 */
public final class ReplayedSamples {
    /** The records and chunk ends of so many samples stay in the first cache of a core until they are used. */
    private static final int BATCH = 128;

    private final HeadReplay replay;
    private final HeadIndex index;
    private final HeadSamples store;
    private final int[] records = new int[BATCH];
    private final int[] chunks = new int[BATCH];
    private long samples;
    private long unknownSeries;
    /** Keeps the compiler from leaving the touching out. */
    private long touched;

    ReplayedSamples(Head head, HeadReplay replay) {
        this.replay = replay;
        index = head.index();
        store = head.samples();
    }

    /**
     * Brings back samples, columns of which are given.
     *
     * @param startsMs null where no sample has a start timestamp
     */
    public void add(long[] refs, long[] timestampsMs, double[] values, long @Nullable [] startsMs, int from, int to) {
        for (int start = from; start < to; start += BATCH) {
            int size = Math.min(to - start, BATCH);
            find(refs, start, size);
            touchChunks(size);
            apply(refs, timestampsMs, values, startsMs, start, size);
        }
    }

    /** Finds the records of references; what is read of a record brings it to the cache. */
    private void find(long[] refs, int from, int size) {
        LongRecords series = store.series();
        int end = series.end();
        int last = 0;
        long lastRef = 0;
        long sum = 0;
        for (int i = 0; i < size; i++) {
            long ref = refs[from + i];
            // Series that were made one behind the other mostly lie so, and a record tells whose it is.
            long guess = last + (ref - lastRef);
            boolean right = last != 0 && guess > 0 && guess < end && index.refOf((int) guess) == ref;
            int record = right ? (int) guess : index.refs.record(ref);
            records[i] = record;
            if (record == 0) {
                chunks[i] = 0;
                continue;
            }
            long[] fields = series.page(record);
            int base = series.offset(record);
            chunks[i] = (int) (fields[base + SeriesLayout.OPEN] >>> 32);
            sum += fields[base + SeriesLayout.COMMIT];
            last = record;
            lastRef = ref;
        }
        touched += sum;
    }

    /** Touches the places where the samples will be written. */
    private void touchChunks(int size) {
        ByteSlab slab = store.openChunks();
        long sum = 0;
        for (int i = 0; i < size; i++) {
            int chunk = chunks[i];
            if (chunk != 0) {
                byte[] page = slab.page(chunk);
                sum += page[slab.offset(chunk)];
            }
        }
        touched += sum;
    }

    private void apply(
            long[] refs, long[] timestampsMs, double[] values, long @Nullable [] startsMs, int from, int size) {
        for (int i = 0; i < size; i++) {
            if (records[i] == 0) {
                unknownSeries++;
                replay.unknown(refs[from + i]);
            } else {
                long startMs = startsMs == null ? 0 : startsMs[from + i];
                replay.sample(records[i], timestampsMs[from + i], values[from + i], startMs);
                samples++;
            }
        }
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
