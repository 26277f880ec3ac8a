// SPDX-License-Identifier: Apache-2.0
package dev.narthex.wire;

/**
 * Reads bits from the end of bytes to their beginning, as entropy-coded streams of Zstandard are read (RFC 8878, section
 * 4.1): the highest one of the last byte only says where the stream begins. For one thread.
 */
final class BackwardBits {
    private byte[] bytes = {};
    private int begin;
    /** How many bits are left; less than zero where more were read than there are, which then were zeros. */
    private long left;

    void reset(byte[] from, int offset, int length) {
        ZstandardFormat.check(length > 0 && from[offset + length - 1] != 0);
        bytes = from;
        begin = offset;
        int last = from[offset + length - 1] & 0xff;
        left = 8L * length - (Integer.numberOfLeadingZeros(last) - 24) - 1;
    }

    long left() {
        return left;
    }

    /** Reads up to 32 bits. */
    int read(int count) {
        int value = peek(count);
        left -= count;
        return value;
    }

    void skip(int count) {
        left -= count;
    }

    int peek(int count) {
        if (count == 0) {
            return 0;
        }
        long low = left - count;
        long value = 0;
        for (int i = 0; i < 5; i++) {
            long bit = Math.floorDiv(low, 8L) + i;
            long index = begin + bit;
            if (bit >= 0 && 8 * bit < left) {
                value |= (bytes[(int) index] & 0xffL) << (8 * i);
            }
        }
        long shifted = value >>> Math.floorMod(low, 8L);
        return (int) (shifted & ((1L << count) - 1));
    }
}
