// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.chunk;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Writes numbers of any width to bytes of its own, the highest bit of a byte first. Reused; for one thread. */
final class BitWriter {
    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final int SLACK_BYTES = 16;

    private byte[] bytes = new byte[512];
    private int position;

    /**
     * Begins anew, as if some bits had been written.
     *
     * @param first what the first byte begins with
     * @param count how many bits of it there are, less than 8
     */
    void reset(int first, int count) {
        bytes[0] = (byte) (first & ~(0xff >>> count));
        position = count;
    }

    /** How many bits have been written. */
    int position() {
        return position;
    }

    /** What has been written, from index 0 on; the rest of the last byte is zero. */
    byte[] bytes() {
        return bytes;
    }

    /** Writes the lowest bits of a number, up to 64 of them; those above must be zero. */
    void bits(long value, int count) {
        if (count > 56) {
            write(value >>> 32, count - 32);
            write(value & 0xffffffffL, 32);
        } else if (count > 0) {
            write(value, count);
        }
    }

    private void write(long value, int count) {
        int at = position >>> 3;
        if (bytes.length - at < SLACK_BYTES) {
            bytes = Arrays.copyOf(bytes, 2 * bytes.length);
        }
        int before = position & 7;
        long kept = (long) WORD.get(bytes, at) & ~(-1L >>> before);
        WORD.set(bytes, at, kept | value << (64 - before - count));
        position += count;
    }

    /** Writes a number in groups of seven bits, the lowest first, each with a bit that says whether another one follows. */
    void uvarint(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            write((rest & 0x7f) | 0x80, 8);
            rest >>>= 7;
        }
        write(rest, 8);
    }

    /** As {@link #uvarint}, signed: 0, -1, 1, -2 and so on. */
    void svarint(long value) {
        uvarint(value << 1 ^ value >> 63);
    }

    /** Writes a number as {@link Varbit} describes, signed. */
    void varbitInt(long value) {
        if (value == 0) {
            write(0, 1);
            return;
        }
        int width = Varbit.widthOfSigned(value);
        Varbit.writePrefix(this, width);
        bits(width == 64 ? value : value & (1L << width) - 1, width);
    }

    /** Writes a number as {@link Varbit} describes, unsigned. */
    void varbitUint(long value) {
        if (value == 0) {
            write(0, 1);
            return;
        }
        int width = Varbit.widthOfUnsigned(value);
        Varbit.writePrefix(this, width);
        bits(value, width);
    }

    /**
     * Writes the bits of a value as their difference from those before (see {@link XorLayout}).
     *
     * @param window the window of this value before: leading zeros (8 bits) | trailing zeros (8 bits)
     * @return the window behind it
     */
    int xor(long difference, int window) {
        if (difference == 0) {
            write(0, 1);
            return window;
        }
        int leading = Math.min(Long.numberOfLeadingZeros(difference), XorLayout.MAX_LEADING);
        int trailing = Long.numberOfTrailingZeros(difference);
        int windowLeading = window >>> 8;
        int windowTrailing = window & 0xff;
        if (windowLeading != XorLayout.NO_WINDOW && leading >= windowLeading && trailing >= windowTrailing) {
            write(0b10, 2);
            bits(difference >>> windowTrailing, 64 - windowLeading - windowTrailing);
            return window;
        }
        int width = 64 - leading - trailing;
        write(0b11L << 11 | (long) leading << 6 | (width & 0x3f), 13);
        bits(difference >>> trailing, width);
        return leading << 8 | trailing;
    }
}
