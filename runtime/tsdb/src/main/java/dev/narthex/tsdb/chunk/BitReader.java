// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.chunk;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Reads numbers of any width from bytes, the highest bit of a byte first. Eight bytes must be readable behind the end,
 * whatever they hold; none of their bits is handed out. For one thread.
 */
final class BitReader {
    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    /** A word that begins at any bit of its first byte holds at least so many bits from there on. */
    private static final int WHOLE = 57;

    private byte[] bytes = {};
    private int offset;
    private int position;
    private int limit;

    /** Goes to the beginning of a piece of at most 256 MiB. */
    void reset(byte[] from, int fromOffset, int length) {
        bytes = from;
        offset = fromOffset;
        position = 0;
        limit = Math.multiplyExact(length, 8);
    }

    /** How many bits have been read. */
    int position() {
        return position;
    }

    /** How many bits are left. */
    int left() {
        return limit - position;
    }

    /** Reads up to 64 bits as an unsigned number. */
    long bits(int count) {
        if (count > limit - position) {
            throw new CorruptChunkException(
                    "chunk ends in the middle of a sample, found " + (limit >>> 3) + " bytes; more are needed");
        }
        long word = word();
        if (count > WHOLE) {
            int before = position & 7;
            if (before > 0) {
                word |= (bytes[offset + (position >>> 3) + 8] & 0xffL) >>> (8 - before);
            }
        }
        position += count;
        return count == 0 ? 0 : word >>> (64 - count);
    }

    /** Reads ones up to a zero, which is read too, or the most that there can be of them; how many. */
    int ones(int most) {
        int ones = Math.min(most, Long.numberOfLeadingZeros(~word()));
        bits(Math.min(most, ones + 1));
        return ones;
    }

    /** Reads a number in groups of seven bits, the lowest first, each with a bit that says whether another one follows. */
    long uvarint() {
        long result = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            long b = bits(8);
            result |= (b & 0x7f) << shift;
            if (b < 0x80) {
                return result;
            }
        }
        throw new CorruptChunkException("a number is longer than ten bytes");
    }

    /** As {@link #uvarint}, signed: 0, -1, 1, -2 and so on. */
    long svarint() {
        long unsigned = uvarint();
        return unsigned >>> 1 ^ -(unsigned & 1);
    }

    /** Reads a number as {@link Varbit} describes, signed. */
    long varbitInt() {
        int width = prefix();
        if (width == 0) {
            return 0;
        }
        long value = bits(width);
        return width < 64 && value > 1L << (width - 1) ? value - (1L << width) : value;
    }

    /** Reads a number as {@link Varbit} describes, unsigned. */
    long varbitUint() {
        return bits(prefix());
    }

    /** Reads the prefix of a number; the width of what follows. */
    private int prefix() {
        return Varbit.width(ones(Varbit.MAX_PREFIX));
    }

    /**
     * Reads the bits of a value that were written as their difference from those before (see {@link XorLayout}).
     *
     * @param windows the windows of the values of a sample: leading zeros (8 bits) | trailing zeros (8 bits)
     * @param at which of them is this value's
     */
    long xor(long former, int[] windows, int at) {
        long word = word();
        if (word >= 0) {
            bits(1);
            return former;
        }
        if ((word & 1L << 62) == 0) {
            bits(2);
        } else {
            bits(2);
            int leading = (int) bits(XorLayout.LEADING_BITS);
            int width = (int) bits(XorLayout.WIDTH_BITS);
            int trailing = 64 - leading - (width == 0 ? 64 : width);
            if (trailing < 0) {
                throw new CorruptChunkException("value has a window of " + width + " bits behind " + leading
                        + " zeros; they are 64 together at the most");
            }
            windows[at] = leading << 8 | trailing;
        }
        int leading = windows[at] >>> 8;
        int trailing = windows[at] & 0xff;
        if (leading == XorLayout.NO_WINDOW) {
            throw new CorruptChunkException("value uses the window before, found none");
        }
        return former ^ bits(64 - leading - trailing) << trailing;
    }

    private long word() {
        return (long) WORD.get(bytes, offset + (position >>> 3)) << (position & 7);
    }
}
