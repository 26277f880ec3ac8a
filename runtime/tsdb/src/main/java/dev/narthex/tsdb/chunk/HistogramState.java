// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.chunk;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * What the writer of an open histogram chunk must know of it: where the chunk ends, its last sample, and the last
 * differences. Kept in the caller's bytes between samples, so that a series costs no object; worked on here.
 *
 * <pre>
 * 0 position (bits)      1 layout (bits)       2 samples              3 header (8 bits) | floats (1 bit)
 * 4 positive buckets     5 negative buckets    6 last timestamp       7 its difference
 * 8 count  9 zero count  10 sum  11 … buckets, each two fields: value, and difference or window
 * with start timestamps (1 bit of 3; their flags are 8 more bits of it), behind that: the last one
 * </pre>
 *
 * Values are those that the chunk holds: of integer buckets their difference from the one before; of floats the bits.
 */
final class HistogramState {
    static final int COUNT = 0;
    static final int ZERO_COUNT = 1;
    static final int SUM = 2;
    static final int BUCKETS = 3;

    static final long NO_WINDOW = (long) XorLayout.NO_WINDOW << 8;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final int HEAD_FIELDS = 8;
    private static final long FLOATS = 1 << 8;
    private static final long WITH_STARTS = 1 << 9;
    private static final int START_FLAGS_SHIFT = 16;

    int positionBits;
    int layoutBits;
    int samples;
    CounterResetHeader header = CounterResetHeader.UNKNOWN;
    boolean floats;
    boolean withStarts;
    int startFlags;
    long startMs;
    int positive;
    int negative;
    long lastT;
    long timeDelta;
    long[] values = new long[64];
    /** Differences of integers; windows of floats, and of the sum: leading zeros (8 bits) | trailing zeros (8 bits). */
    long[] memory = new long[64];

    int buckets() {
        return positive + negative;
    }

    int sizeBytes() {
        return 8 * (startField() + (withStarts ? 1 : 0));
    }

    private int startField() {
        return HEAD_FIELDS + 2 * (BUCKETS + buckets());
    }

    /** Begins a chunk that has its header and layout, and no sample. */
    void begin(
            boolean withFloats,
            boolean withStartTimestamps,
            CounterResetHeader newHeader,
            int layoutEndBits,
            int positives,
            int negatives) {
        withStarts = withStartTimestamps;
        startFlags = 0;
        startMs = 0;
        floats = withFloats;
        header = newHeader;
        layoutBits = layoutEndBits;
        positionBits = layoutEndBits;
        samples = 0;
        positive = positives;
        negative = negatives;
        lastT = 0;
        timeDelta = 0;
        reserve();
        int fields = BUCKETS + buckets();
        Arrays.fill(values, 0, fields, 0);
        Arrays.fill(memory, 0, fields, withFloats ? NO_WINDOW : 0);
        memory[SUM] = NO_WINDOW;
    }

    void load(byte[] from, int at) {
        positionBits = (int) get(from, at, 0);
        layoutBits = (int) get(from, at, 1);
        samples = (int) get(from, at, 2);
        long kind = get(from, at, 3);
        header = CounterResetHeader.of((int) kind & 0xff);
        floats = (kind & FLOATS) != 0;
        withStarts = (kind & WITH_STARTS) != 0;
        startFlags = (int) (kind >>> START_FLAGS_SHIFT) & 0xff;
        positive = (int) get(from, at, 4);
        negative = (int) get(from, at, 5);
        lastT = get(from, at, 6);
        timeDelta = get(from, at, 7);
        reserve();
        for (int i = 0; i < BUCKETS + buckets(); i++) {
            values[i] = get(from, at, HEAD_FIELDS + 2 * i);
            memory[i] = get(from, at, HEAD_FIELDS + 2 * i + 1);
        }
        startMs = withStarts ? get(from, at, startField()) : 0;
    }

    void save(byte[] into, int at) {
        put(into, at, 0, positionBits);
        put(into, at, 1, layoutBits);
        put(into, at, 2, samples);
        long kind = header.flags() | (floats ? FLOATS : 0);
        put(into, at, 3, withStarts ? kind | WITH_STARTS | (long) startFlags << START_FLAGS_SHIFT : kind);
        put(into, at, 4, positive);
        put(into, at, 5, negative);
        put(into, at, 6, lastT);
        put(into, at, 7, timeDelta);
        for (int i = 0; i < BUCKETS + buckets(); i++) {
            put(into, at, HEAD_FIELDS + 2 * i, values[i]);
            put(into, at, HEAD_FIELDS + 2 * i + 1, memory[i]);
        }
        if (withStarts) {
            put(into, at, startField(), startMs);
        }
    }

    private void reserve() {
        int fields = BUCKETS + buckets();
        if (values.length < fields) {
            values = Arrays.copyOf(values, Math.max(fields, 2 * values.length));
            memory = Arrays.copyOf(memory, values.length);
        }
    }

    private static long get(byte[] from, int at, int field) {
        return (long) LONG.get(from, at + 8 * field);
    }

    private static void put(byte[] into, int at, int field, long value) {
        LONG.set(into, at + 8 * field, value);
    }
}
