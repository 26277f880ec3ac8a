// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import dev.narthex.memory.ByteSlab;
import dev.narthex.tsdb.chunk.XorEncoder;
import dev.narthex.tsdb.chunk.XorLayout;

/**
 * The open chunks of series whose last sample is a float: pieces of a slab that grow as samples come. For the writer of
 * {@link HeadSamples}, inside a change of the series.
 */
final class OpenFloats {
    /** A chunk is closed after this many samples, as in Prometheus. */
    static final int MAX_SAMPLES = 120;
    /** And when it has taken this many bytes. */
    static final int MAX_BYTES = 1024;

    /** A first sample fits in any case, and fifty more that stay the same. */
    private static final int FIRST_CAPACITY = 32;
    /** More than a sample takes, and little that is not used yet; twice as much where a chunk is large. */
    private static final int STEP = 32;

    private static final int LARGE = 256;

    private final ByteSlab chunks;
    private final ChunkRange range;

    OpenFloats(ByteSlab chunks, ChunkRange range) {
        this.chunks = chunks;
        this.range = range;
    }

    /** Adds a sample to the open chunk; false where it has to {@link #begin} another one. */
    boolean append(long[] fields, int base, long timestampMs, long bits) {
        long open = fields[base + SeriesLayout.OPEN];
        long state = fields[base + SeriesLayout.STATE];
        long lastT = fields[base + SeriesLayout.LAST_T];
        int count = (int) open & 0xffff;
        int size = XorEncoder.sizeBytes(state);
        if (count == 0
                || count >= MAX_SAMPLES
                || !range.holdsBoth(lastT, timestampMs)
                || size >= MAX_BYTES
                || OpenHistograms.isHistograms(fields, base)) {
            return false;
        }
        long distance = timestampMs - lastT;
        long change = distance - fields[base + SeriesLayout.DISTANCE];
        long difference = bits ^ fields[base + SeriesLayout.LAST_V];
        int capacity = ((int) open >>> 16) << 3;
        if (size + XorLayout.MAX_SAMPLE_BYTES > capacity) {
            int needed = count == 1
                    ? XorEncoder.sizeWithSecond(state, distance, difference)
                    : XorEncoder.sizeWithNext(state, change, difference);
            open = needed > capacity ? enlarge(open, size) : open;
        }
        int chunk = (int) (open >>> 32);
        byte[] page = chunks.page(chunk);
        int offset = chunks.offset(chunk);
        fields[base + SeriesLayout.STATE] = count == 1
                ? XorEncoder.second(page, offset, state, distance, difference)
                : XorEncoder.next(page, offset, state, change, difference);
        fields[base + SeriesLayout.DISTANCE] = distance;
        fields[base + SeriesLayout.OPEN] = open + 1;
        return true;
    }

    /**
     * Begins a chunk with the sample that {@link #append} did not add, in the piece of the former chunk of floats where there
     * is one.
     *
     * @return whether there was none
     */
    boolean begin(long[] fields, int base, long timestampMs, long bits) {
        long open = fields[base + SeriesLayout.OPEN] & ~0xffffL;
        boolean taken = open == 0;
        if (taken) {
            open = (long) chunks.allocate(FIRST_CAPACITY) << 32 | (FIRST_CAPACITY >>> 3) << 16;
        }
        int chunk = (int) (open >>> 32);
        fields[base + SeriesLayout.STATE] =
                XorEncoder.first(chunks.page(chunk), chunks.offset(chunk), timestampMs, Double.longBitsToDouble(bits));
        fields[base + SeriesLayout.OPEN] = open + 1;
        return taken;
    }

    private long enlarge(long open, int size) {
        int chunk = (int) (open >>> 32);
        int capacity = ((int) open >>> 16) << 3;
        int larger = capacity + (capacity < LARGE ? STEP : 2 * STEP);
        int moved = chunks.allocate(larger);
        System.arraycopy(chunks.page(chunk), chunks.offset(chunk), chunks.page(moved), chunks.offset(moved), size);
        chunks.free(chunk);
        return (long) moved << 32 | (long) (larger >>> 3) << 16 | (open & 0xffff);
    }
}
