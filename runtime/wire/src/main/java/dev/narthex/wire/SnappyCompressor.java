// SPDX-License-Identifier: Apache-2.0
package dev.narthex.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Compresses to the Snappy block format (see {@link SnappyBlock}): four bytes that were seen within the last 64 KiB are
 * found by a hash table of their positions and copied from there, with all that follows and is equal. Where nothing is
 * found for long, the search takes larger steps. Reused; for one thread.
 */
public final class SnappyCompressor {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    /** What is no longer is copied as two words, though it be less: most literals are that short. */
    private static final int SHORT_BYTES = 16;

    private static final int BLOCK_BYTES = 1 << 16;
    private static final int TABLE_BITS = 13;
    private static final int MULTIPLIER = 0x1e35a7bd;
    private static final int MIN_MATCH = 4;
    private static final int MAX_COPY = 64;
    /** Behind so many steps without a match each step is one byte longer. */
    private static final int PATIENCE_BITS = 5;

    /** The position within the block + 1 where a hash was seen last, 0 for none. */
    private final int[] table = new int[1 << TABLE_BITS];

    /** How many bytes a block may take at the most. */
    public static int maxLength(int length) {
        return Math.addExact(32 + length, length / 6);
    }

    /**
     * Compresses bytes.
     *
     * @param into has room for {@link #maxLength} from {@code intoOffset} on
     * @return where the block ends
     */
    public int compress(byte[] bytes, int offset, int length, byte[] into, int intoOffset) {
        int out = intoOffset;
        int rest = length;
        while ((rest & ~0x7f) != 0) {
            into[out++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        into[out++] = (byte) rest;
        for (int at = offset, end = offset + length; at < end; at += BLOCK_BYTES) {
            out = block(bytes, at, Math.min(end, at + BLOCK_BYTES), into, out);
        }
        return out;
    }

    private int block(byte[] bytes, int begin, int end, byte[] into, int intoOffset) {
        Arrays.fill(table, 0);
        int out = intoOffset;
        int literal = begin;
        int at = begin;
        int misses = 0;
        while (at + MIN_MATCH <= end) {
            int word = (int) INT.get(bytes, at);
            int slot = (word * MULTIPLIER) >>> (32 - TABLE_BITS);
            int candidate = begin + table[slot] - 1;
            table[slot] = at - begin + 1;
            if (candidate < begin || (int) INT.get(bytes, candidate) != word) {
                at += 1 + (misses++ >>> PATIENCE_BITS);
                continue;
            }
            misses = 0;
            int matched = matchEnd(bytes, candidate + MIN_MATCH, at + MIN_MATCH, end);
            out = putLiteral(bytes, literal, at - literal, into, out);
            out = putCopy(at - candidate, matched - at, into, out);
            at = matched;
            literal = matched;
        }
        return putLiteral(bytes, literal, end - literal, into, out);
    }

    /** Where bytes from one offset on cease to be those from an earlier one on. */
    private static int matchEnd(byte[] bytes, int earlier, int begin, int end) {
        int at = begin;
        int from = earlier;
        while (at + Long.BYTES <= end) {
            long difference = (long) LONG.get(bytes, at) ^ (long) LONG.get(bytes, from);
            if (difference != 0) {
                return at + (Long.numberOfTrailingZeros(difference) >>> 3);
            }
            at += Long.BYTES;
            from += Long.BYTES;
        }
        while (at < end && bytes[at] == bytes[from]) {
            at++;
            from++;
        }
        return at;
    }

    private static int putLiteral(byte[] bytes, int offset, int length, byte[] into, int intoOffset) {
        if (length == 0) {
            return intoOffset;
        }
        int out = intoOffset;
        int count = length - 1;
        if (count < 60) {
            into[out++] = (byte) (count << 2);
        } else if (count < 1 << 8) {
            into[out++] = (byte) (60 << 2);
            into[out++] = (byte) count;
        } else {
            into[out++] = (byte) (61 << 2);
            into[out++] = (byte) count;
            into[out++] = (byte) (count >>> 8);
        }
        if (length <= SHORT_BYTES && offset + SHORT_BYTES <= bytes.length && out + SHORT_BYTES <= into.length) {
            LONG.set(into, out, (long) LONG.get(bytes, offset));
            LONG.set(into, out + Long.BYTES, (long) LONG.get(bytes, offset + Long.BYTES));
        } else {
            System.arraycopy(bytes, offset, into, out, length);
        }
        return out + length;
    }

    private static int putCopy(int distance, int length, byte[] into, int intoOffset) {
        int out = intoOffset;
        int left = length;
        while (left > 0) {
            // What is left must be four bytes or more, or none.
            int part = left <= MAX_COPY ? left : Math.min(MAX_COPY, left - MIN_MATCH);
            if (part >= 4 && part < 12 && distance < 1 << 11) {
                into[out++] = (byte) (1 | (part - 4) << 2 | distance >>> 8 << 5);
                into[out++] = (byte) distance;
            } else {
                into[out++] = (byte) (2 | (part - 1) << 2);
                into[out++] = (byte) distance;
                into[out++] = (byte) (distance >>> 8);
            }
            left -= part;
        }
        return out;
    }
}
