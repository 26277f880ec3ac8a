// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import java.util.Arrays;

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
    private int samples;

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
    boolean add(long ref, long timestampMs, double value) {
        int at = samples;
        refs[at] = ref;
        timestampsMs[at] = timestampMs;
        values[at] = value;
        samples = at + 1;
        return samples < SAMPLES;
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
        samples = 0;
        others = 0;
        bytesEnd = 0;
        if (bytes.length > 8 * OTHER_BYTES) {
            bytes = new byte[OTHER_BYTES];
        }
    }
}
