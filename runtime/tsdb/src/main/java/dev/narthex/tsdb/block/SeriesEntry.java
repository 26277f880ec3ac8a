// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.block;

import java.util.Arrays;

/** A series as the index has it, reused from series to series: label symbols, and the chunks in order of time. */
final class SeriesEntry {
    /** Name symbol and value symbol in turn. */
    long[] symbols = new long[32];

    int labels;
    long[] minTimesMs = new long[16];
    long[] maxTimesMs = new long[16];
    long[] chunkRefs = new long[16];
    int chunks;

    void reserveLabels(int count) {
        if (symbols.length < 2 * count) {
            symbols = new long[4 * count];
        }
        labels = count;
    }

    void reserveChunks(int count) {
        if (chunkRefs.length < count) {
            int capacity = Math.max(count, 2 * chunkRefs.length);
            minTimesMs = Arrays.copyOf(minTimesMs, capacity);
            maxTimesMs = Arrays.copyOf(maxTimesMs, capacity);
            chunkRefs = Arrays.copyOf(chunkRefs, capacity);
        }
        chunks = count;
    }

    boolean overlaps(long mintMs, long maxtMs) {
        return chunks > 0 && minTimesMs[0] <= maxtMs && maxTimesMs[chunks - 1] >= mintMs;
    }
}
