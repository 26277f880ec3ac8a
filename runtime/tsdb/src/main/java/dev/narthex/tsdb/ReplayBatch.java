// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Records of the log on their way from the thread that reads them to the one that applies them: samples in columns, other
 * records as copies, in the order of the log. Used again and again; for one thread at a time.
 */
final class ReplayBatch {
    /** So many samples go together: their columns stay in the caches of a core. */
    private static final int SAMPLES = 2048;

    private static final int OTHERS = 256;
    private static final int OTHER_BYTES = 1 << 16;

    final long[] refs = new long[SAMPLES];
    final long[] timestampsMs = new long[SAMPLES];
    final double[] values = new double[SAMPLES];
    /** Start timestamps; zeros where there is none, made when the first one comes. */
    private long @Nullable [] startsMs;

    private boolean withStarts;
    private final SignedVarint refDistance = new SignedVarint();
    private final SignedVarint timeDistance = new SignedVarint();
    private int samples;
    private long maxTimeMs = Long.MIN_VALUE;

    private byte[] bytes = new byte[1024];
    private int bytesEnd;
    /** Of each other record: how many samples stand before it, and where its copy ends. */
    private final int[] samplesBefore = new int[OTHERS];

    private final int[] ends = new int[OTHERS];
    private int others;

    boolean isEmpty() {
        return samples + others == 0;
    }

    /** Adds a sample; whether there is room for another. */
    boolean add(long ref, long timestampMs, double value, long startMs) {
        int at = samples;
        if (startMs != 0) {
            if (startsMs == null) {
                startsMs = new long[SAMPLES];
            }
            startsMs[at] = startMs;
            withStarts = true;
        }
        refs[at] = ref;
        timestampsMs[at] = timestampMs;
        values[at] = value;
        samples = at + 1;
        return samples < SAMPLES;
    }

    /**
     * Takes samples of a record from a position on, until there is no room or no sample any more: {@link #isFull}.
     *
     * @param base where the record's content begins, with the reference and the timestamp that samples count from
     * @param mintMs samples before this are left out
     * @return where it ended; -1 where the record is not well formed, and what stands before that was taken
     */
    int add(byte[] record, int base, int from, int limit, long mintMs) {
        long baseRef = (long) SampleRecords.LONG.get(record, base);
        long baseTime = (long) SampleRecords.LONG.get(record, base + 8);
        int count = samples;
        long max = maxTimeMs;
        int at = from;
        while (at < limit && count < SAMPLES) {
            at = refDistance.read(record, at, limit);
            if (at >= 0) {
                at = timeDistance.read(record, at, limit);
            }
            if (at < 0 || limit - at < 8) {
                return end(count, max, -1);
            }
            long timestampMs = baseTime + timeDistance.value();
            max = Math.max(max, timestampMs);
            if (timestampMs >= mintMs) {
                refs[count] = baseRef + refDistance.value();
                timestampsMs[count] = timestampMs;
                values[count] = Double.longBitsToDouble((long) SampleRecords.LONG.get(record, at));
                count++;
            }
            at += 8;
        }
        return end(count, max, at);
    }

    private int end(int count, long max, int at) {
        samples = count;
        maxTimeMs = max;
        return at;
    }

    /** The start timestamps of the samples, 0 for none; null where no sample has one. */
    long @Nullable [] startsMs() {
        return withStarts ? startsMs : null;
    }

    boolean isFull() {
        return samples == SAMPLES;
    }

    /** The last timestamp that a record of samples had, left out or not. */
    long maxTimeMs() {
        return maxTimeMs;
    }

    /** Adds a copy of a record; whether there is room for another. */
    boolean add(byte[] record, int offset, int length) {
        if (bytes.length - bytesEnd < length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, Math.addExact(bytesEnd, length)));
        }
        System.arraycopy(record, offset, bytes, bytesEnd, length);
        bytesEnd += length;
        samplesBefore[others] = samples;
        ends[others++] = bytesEnd;
        return others < OTHERS && bytesEnd < OTHER_BYTES;
    }

    void apply(Replay replay) {
        int sample = 0;
        int at = 0;
        for (int other = 0; other < others; other++) {
            replay.samples(this, sample, samplesBefore[other]);
            sample = samplesBefore[other];
            replay.record(bytes, at, ends[other] - at);
            at = ends[other];
        }
        replay.samples(this, sample, samples);
    }

    void clear() {
        if (withStarts && startsMs != null) {
            Arrays.fill(startsMs, 0);
        }
        withStarts = false;
        samples = 0;
        maxTimeMs = Long.MIN_VALUE;
        others = 0;
        bytesEnd = 0;
        if (bytes.length > 8 * OTHER_BYTES) {
            bytes = new byte[OTHER_BYTES];
        }
    }
}
