// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.chunk;

import dev.narthex.model.StalenessMarker;

/**
 * Writes XOR2 chunks (docs/formats/xor2-chunk.md), sample by sample. What is to be written to the caller's chunk stands in
 * {@link #bytes()} after each call, to be put down from {@link #beginByte()} on; the byte at {@link #FLAGS_AT} is to be set
 * to {@link #flags()} then, too. What must be known of a chunk to go on with it is handed out and taken again, so that a
 * chunk costs no object. For one thread.
 */
public final class Xor2Encoder {
    /** The most bytes that one sample takes: a later one of 69 + 77 + 72 bits. */
    public static final int MAX_SAMPLE_BYTES = 28;
    /** Where in a chunk the byte stands that says which samples have start timestamps. */
    public static final int FLAGS_AT = XorLayout.COUNT_BYTES;

    private static final int DOD_13 = 13;
    private static final int DOD_20 = 20;
    private static final long MARKER = StalenessMarker.BITS;

    private final BitWriter out = new BitWriter();
    private final StartTimestampBits starts = new StartTimestampBits();
    private int count;
    private int begin;
    private int position;
    private int window;
    private long lastMs;
    private long distanceMs;
    private long plainBits;

    /**
     * Begins a chunk with its first sample.
     *
     * @param startMs its start timestamp, 0 for none
     */
    public void begin(long timestampMs, long bits, long startMs) {
        out.reset(0, 0);
        out.bits(0, 16);
        out.bits(0, 8);
        out.svarint(timestampMs);
        out.bits(bits, 64);
        starts.begin(out, timestampMs, startMs);
        begin = 0;
        count = 1;
        window = XorLayout.NO_WINDOW << 8;
        lastMs = timestampMs;
        distanceMs = 0;
        plainBits = bits == MARKER ? 0 : bits;
        position = out.position();
        out.bytes()[FLAGS_AT] = (byte) starts.flags();
    }

    /**
     * Takes up a chunk where another call has left it.
     *
     * @param samples how many it has
     * @param positionBits its bits
     * @param valueWindow {@link #window()} of then, and so the others
     */
    public void resume(
            int samples,
            int positionBits,
            int valueWindow,
            int flags,
            long lastTimestampMs,
            long lastDistanceMs,
            long lastPlainBits,
            long lastStartMs) {
        count = samples;
        position = positionBits;
        window = valueWindow;
        starts.resume(flags, lastStartMs);
        lastMs = lastTimestampMs;
        distanceMs = lastDistanceMs;
        plainBits = lastPlainBits;
    }

    /**
     * Writes a later sample.
     *
     * @param lastByte the byte of the chunk that the last sample ended in
     */
    public void append(int lastByte, long timestampMs, long bits, long startMs) {
        begin = position >>> 3;
        out.reset(lastByte, position & 7);
        long beforeLastMs = lastMs - distanceMs;
        long distance = timestampMs - lastMs;
        if (count == 1) {
            out.uvarint(distance);
            value(bits);
        } else {
            joint(distance - distanceMs, bits);
        }
        starts.append(out, count, startMs, lastMs, beforeLastMs);
        lastMs = timestampMs;
        distanceMs = distance;
        if (bits != MARKER) {
            plainBits = bits;
        }
        count++;
        position = 8 * begin + out.position();
    }

    private void joint(long change, long bits) {
        if (change == 0) {
            if (bits == plainBits) {
                out.bits(0, 1);
            } else if (bits == MARKER) {
                out.bits(0b11111, 5);
            } else {
                out.bits(0b10, 2);
                differing(bits ^ plainBits, 1);
            }
            return;
        }
        if (fits(change, DOD_13)) {
            out.bits(0b110L << DOD_13 | (change & (1L << DOD_13) - 1), 3 + DOD_13);
        } else if (fits(change, DOD_20)) {
            out.bits(0b1110L << DOD_20 | (change & (1L << DOD_20) - 1), 4 + DOD_20);
        } else {
            out.bits(0b11110, 5);
            out.bits(change, 64);
        }
        value(bits);
    }

    private void value(long bits) {
        if (bits == MARKER) {
            out.bits(0b111, 3);
        } else if (bits == plainBits) {
            out.bits(0, 1);
        } else {
            out.bits(0b1, 1);
            differing(bits ^ plainBits, 2);
        }
    }

    /**
     * A value that differs from the last one, behind what says so.
     *
     * @param newBits how many bits say that a window follows: a one, and a zero where a staleness marker has two ones
     */
    private void differing(long difference, int newBits) {
        int leading = Math.min(Long.numberOfLeadingZeros(difference), XorLayout.MAX_LEADING);
        int trailing = Long.numberOfTrailingZeros(difference);
        int windowLeading = window >>> 8;
        int windowTrailing = window & 0xff;
        if (windowLeading != XorLayout.NO_WINDOW && leading >= windowLeading && trailing >= windowTrailing) {
            out.bits(0, 1);
            out.bits(difference >>> windowTrailing, 64 - windowLeading - windowTrailing);
            return;
        }
        int width = 64 - leading - trailing;
        out.bits(newBits, newBits);
        out.bits((long) leading << 6 | (width & 0x3f), 11);
        out.bits(difference >>> trailing, width);
        window = leading << 8 | trailing;
    }

    private static boolean fits(long value, int bits) {
        return value >= -(1L << (bits - 1)) && value < 1L << (bits - 1);
    }

    /** What is to be written to the chunk, from index 0 on. */
    public byte[] bytes() {
        return out.bytes();
    }

    /** How many bytes of {@link #bytes()} are to be written. */
    public int byteCount() {
        return (out.position() + 7) >>> 3;
    }

    /** Where in the chunk they are to be written. */
    public int beginByte() {
        return begin;
    }

    /** The samples of the chunk. */
    public int samples() {
        return count;
    }

    /** The bits of the chunk. */
    public int positionBits() {
        return position;
    }

    /** The bytes of the chunk. */
    public int sizeBytes() {
        return (position + 7) >>> 3;
    }

    /** The window of the last value: leading zeros (8 bits) | trailing zeros (8 bits). */
    public int window() {
        return window;
    }

    /** The byte that says which samples have start timestamps. */
    public int flags() {
        return starts.flags();
    }

    /** The distance of the last two timestamps. */
    public long distanceMs() {
        return distanceMs;
    }

    /** The bits of the last value that was no staleness marker. */
    public long plainBits() {
        return plainBits;
    }

    /** The last start timestamp, 0 for none. */
    public long startMs() {
        return starts.startMs();
    }
}
