// SPDX-License-Identifier: Apache-2.0
package dev.narthex.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The Snappy block format (google/snappy, format_description.txt) on byte arrays: the uncompressed length as uvarint,
 * then literals and copies of what was written before.
 *
 * <p>The libraries for it use native code or {@code sun.misc.Unsafe}, which a native executable had better do without;
 * the format is small. Safe for use by many threads on different arrays.
 */
public final class SnappyBlock {
    private static final int LITERAL = 0;
    private static final int COPY_1 = 1;
    private static final int COPY_2 = 2;
    private static final int INLINE_LITERAL = 60;
    /** A byte of input gives at most this much output (a copy of 64 bytes takes three bytes, two with short distances). */
    private static final int MAX_RATIO = 32;
    /** Literals up to this length are copied word by word: a call for each costs more than the bytes. */
    private static final int SHORT_LITERAL = 32;

    private static final int WORD_BYTES = 8;
    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private SnappyBlock() {}

    /** The length that a block says it has uncompressed; -1 where it says none, or one that it cannot have. */
    public static int uncompressedLength(byte[] block, int offset, int length) {
        long value = 0;
        for (int i = 0; i < 5 && i < length; i++) {
            byte b = block[offset + i];
            value |= (b & 0x7fL) << (7 * i);
            if (b >= 0) {
                return value > Integer.MAX_VALUE || value > (long) MAX_RATIO * length ? -1 : (int) value;
            }
        }
        return -1;
    }

    /**
     * Uncompresses a block.
     *
     * @param size what {@link #uncompressedLength} told; the array has room for it
     * @return false where the block is damaged
     */
    public static boolean uncompress(byte[] block, int offset, int length, byte[] into, int intoOffset, int size) {
        int in = offset;
        int inEnd = offset + length;
        while (in < inEnd && block[in] < 0) {
            in++;
        }
        in++;
        int out = intoOffset;
        int outEnd = intoOffset + size;
        while (in < inEnd) {
            int tag = block[in++] & 0xff;
            int kind = tag & 3;
            if (kind == LITERAL) {
                int count = tag >>> 2;
                if (count >= INLINE_LITERAL) {
                    int bytes = count - INLINE_LITERAL + 1;
                    if (bytes > inEnd - in) {
                        return false;
                    }
                    count = littleEndian(block, in, bytes);
                    in += bytes;
                }
                if (count < 0 || count >= inEnd - in || count >= outEnd - out) {
                    return false;
                }
                count++;
                if (count <= SHORT_LITERAL
                        && inEnd - in >= SHORT_LITERAL + WORD_BYTES
                        && outEnd - out >= SHORT_LITERAL + WORD_BYTES) {
                    // What is written too much is written over by what comes next.
                    for (int i = 0; i < count; i += WORD_BYTES) {
                        WORD.set(into, out + i, (long) WORD.get(block, in + i));
                    }
                } else {
                    System.arraycopy(block, in, into, out, count);
                }
                in += count;
                out += count;
                continue;
            }
            int count;
            int distance;
            int bytes = kind == COPY_1 ? 1 : kind == COPY_2 ? 2 : 4;
            if (bytes > inEnd - in) {
                return false;
            }
            if (kind == COPY_1) {
                count = 4 + (tag >>> 2 & 7);
                distance = (tag >>> 5) << 8 | (block[in] & 0xff);
            } else {
                count = 1 + (tag >>> 2);
                distance = littleEndian(block, in, bytes);
            }
            in += bytes;
            if (distance <= 0 || distance > out - intoOffset || count > outEnd - out) {
                return false;
            }
            if (distance >= WORD_BYTES && outEnd - out >= count + WORD_BYTES) {
                for (int i = 0; i < count; i += WORD_BYTES) {
                    WORD.set(into, out + i, (long) WORD.get(into, out + i - distance));
                }
            } else {
                copy(into, out, distance, count);
            }
            out += count;
        }
        return in == inEnd && out == outEnd;
    }

    private static void copy(byte[] bytes, int at, int distance, int count) {
        if (distance >= count) {
            System.arraycopy(bytes, at - distance, bytes, at, count);
            return;
        }
        // The source runs into what is being written: the last bytes repeat.
        for (int i = 0; i < count; i++) {
            bytes[at + i] = bytes[at + i - distance];
        }
    }

    private static int littleEndian(byte[] bytes, int at, int count) {
        int value = 0;
        for (int i = count - 1; i >= 0; i--) {
            value = value << 8 | (bytes[at + i] & 0xff);
        }
        return value;
    }
}
