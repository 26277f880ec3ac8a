// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.chunk;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Writes samples to XOR chunks in the caller's bytes (see {@link XorLayout}).
 *
 * <p>A sample is built in one or two words and put down by one or two unaligned writes. A write keeps the bits before
 * its position, zeroes what is left of its last byte and keeps the bytes behind that, so the bytes need not be cleared
 * before, the end of a chunk is padded with zeros at any time, and something else may follow it. Positions are bits from the beginning of the chunk; the caller keeps position and
 * window, for one word is enough for both.
 *
 * <pre>
 * window:  leading zeros (8 bits) | trailing zeros (8 bits); leading {@link XorLayout#NO_WINDOW} where there is none
 * state:   position in bits (32 bits) | window (16 bits)
 * </pre>
 */
public final class XorEncoder {
    /** The state of a chunk without samples. */
    public static final long START = pack(XorLayout.COUNT_BYTES * 8, XorLayout.NO_WINDOW << 8);

    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final int WORD_BITS = 64;

    private XorEncoder() {}

    /** The position in bits behind the last sample. */
    public static int positionBits(long state) {
        return (int) (state >>> 16);
    }

    /** The bytes that the chunk takes. */
    public static int sizeBytes(long state) {
        return (positionBits(state) + 7) >>> 3;
    }

    /** Writes the first sample; the state behind it. */
    public static long first(byte[] bytes, int offset, long timestampMs, double value) {
        int at = offset + XorLayout.COUNT_BYTES;
        at = writeUvarint(bytes, at, (timestampMs << 1) ^ (timestampMs >> 63));
        WORD.set(bytes, at, Double.doubleToRawLongBits(value));
        return pack((at + 8 - offset) * 8, XorLayout.NO_WINDOW << 8);
    }

    /**
     * Writes the second sample; the state behind it.
     *
     * @param distanceMs its timestamp less the first one, as an unsigned number
     * @param difference its value's bits XOR those of the first one
     */
    public static long second(byte[] bytes, int offset, long state, long distanceMs, long difference) {
        int at = writeUvarint(bytes, offset + (positionBits(state) >>> 3), distanceMs);
        return value(bytes, offset, pack((at - offset) * 8, (int) state & 0xffff), difference);
    }

    /**
     * Writes a later sample; the state behind it.
     *
     * @param distanceChangeMs the distance to the last timestamp, less the distance before
     * @param difference its value's bits XOR those of the last one
     */
    public static long next(byte[] bytes, int offset, long state, long distanceChangeMs, long difference) {
        long d = distanceChangeMs;
        if (d == 0) {
            if (difference == 0) {
                return write(bytes, offset, state, 0, 2);
            }
            return value(bytes, offset, state, difference, 1);
        }
        long behind;
        if (fits(d, XorLayout.DOD_14)) {
            behind = write(bytes, offset, state, 0b10L << 14 | (d & 0x3fff), 16);
        } else if (fits(d, XorLayout.DOD_17)) {
            behind = write(bytes, offset, state, 0b110L << 17 | (d & 0x1ffff), 20);
        } else if (fits(d, XorLayout.DOD_20)) {
            behind = write(bytes, offset, state, 0b1110L << 20 | (d & 0xfffff), 24);
        } else {
            behind = write(bytes, offset, state, 0b1111, 4);
            behind = writeLong(bytes, offset, behind, d);
        }
        return value(bytes, offset, behind, difference);
    }

    /** Writes the count of samples in front of the chunk. */
    public static void writeCount(byte[] bytes, int offset, int count) {
        bytes[offset] = (byte) (count >>> 8);
        bytes[offset + 1] = (byte) count;
    }

    /** As {@link #writeCount}, where the two highest bits belong to something else. */
    public static void writeShortCount(byte[] bytes, int offset, int count) {
        bytes[offset] = (byte) ((bytes[offset] & 0xc0) | count >>> 8);
        bytes[offset + 1] = (byte) count;
    }

    private static long value(byte[] bytes, int offset, long state, long difference) {
        return difference == 0 ? write(bytes, offset, state, 0, 1) : value(bytes, offset, state, difference, 0);
    }

    /**
     * Writes a value that differs from the last one, behind a number of zero bits, which come for free with the rest.
     */
    private static long value(byte[] bytes, int offset, long state, long difference, int zeros) {
        int leading = Math.min(Long.numberOfLeadingZeros(difference), XorLayout.MAX_LEADING);
        int trailing = Long.numberOfTrailingZeros(difference);
        int window = (int) state & 0xffff;
        int windowLeading = window >>> 8;
        int windowTrailing = window & 0xff;
        if (windowLeading != XorLayout.NO_WINDOW && leading >= windowLeading && trailing >= windowTrailing) {
            int width = WORD_BITS - windowLeading - windowTrailing;
            long bits = difference >>> windowTrailing;
            if (width + 2 + zeros <= 57) {
                return write(bytes, offset, state, 0b10L << width | bits, width + 2 + zeros);
            }
            return writeWide(bytes, offset, write(bytes, offset, state, 0b10, 2 + zeros), bits, width);
        }
        int width = WORD_BITS - leading - trailing;
        long bits = difference >>> trailing;
        long head = 0b11L << 11 | (long) leading << 6 | (width & 0x3f);
        long opened = (state & ~0xffffL) | leading << 8 | trailing;
        if (width + 13 + zeros <= 57) {
            return write(bytes, offset, opened, head << width | bits, width + 13 + zeros);
        }
        opened = write(bytes, offset, opened, head, 13 + zeros);
        return writeWide(bytes, offset, opened, bits, width);
    }

    private static long writeWide(byte[] bytes, int offset, long state, long bits, int width) {
        if (width <= 57) {
            return write(bytes, offset, state, bits, width);
        }
        long half = write(bytes, offset, state, bits >>> 32, width - 32);
        return write(bytes, offset, half, bits & 0xffffffffL, 32);
    }

    private static long writeLong(byte[] bytes, int offset, long state, long bits) {
        return writeWide(bytes, offset, state, bits, WORD_BITS);
    }

    /** Writes up to 57 bits: with the up to 7 bits before them in their first byte they fill at most a word. */
    private static long write(byte[] bytes, int offset, long state, long bits, int count) {
        int position = positionBits(state);
        int at = offset + (position >>> 3);
        int before = position & 7;
        int end = before + count;
        long behind = ~(-1L << (WORD_BITS - (end + 7 & ~7)));
        long kept = (long) WORD.get(bytes, at) & (~(-1L >>> before) | behind);
        WORD.set(bytes, at, kept | bits << (WORD_BITS - end));
        return state + ((long) count << 16);
    }

    private static int writeUvarint(byte[] bytes, int offset, long value) {
        int at = offset;
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes[at++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[at++] = (byte) rest;
        return at;
    }

    private static boolean fits(long value, int bits) {
        return value >= -((1L << (bits - 1)) - 1) && value <= 1L << (bits - 1);
    }

    private static long pack(int positionBits, int window) {
        return (long) positionBits << 16 | window;
    }
}
