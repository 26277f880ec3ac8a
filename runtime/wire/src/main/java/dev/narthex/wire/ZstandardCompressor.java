// SPDX-License-Identifier: Apache-2.0
package dev.narthex.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Compresses to a Zstandard frame (RFC 8878): what was seen before is found by a hash table of the positions of five
 * bytes, the first place found is taken. Sequences are written with the predefined tables, literals with a prefix code
 * made for each block; a block that would become larger is left as it is. Frames have a content size and no checksum.
 * Reused; for one thread.
 */
public final class ZstandardCompressor {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int MAX_BLOCK_BYTES = 1 << 17;
    private static final int MIN_TABLE_BITS = 6;
    private static final int MAX_TABLE_BITS = 14;
    private static final long MULTIPLIER = 0xcf1bbcdcb7a56463L;
    private static final int MIN_MATCH = 5;
    private static final int WORD_BYTES = 8;
    /** Behind so many steps without a match each step is one byte longer. */
    private static final int PATIENCE_BITS = 6;

    private static final int MAX_FRAME_HEADER = 9;
    private static final int BLOCK_HEADER = 3;
    private static final int RAW = 0;
    private static final int COMPRESSED = 2;

    /** The position + 1 where a hash was seen last, 0 for none. */
    private final int[] table = new int[1 << MAX_TABLE_BITS];

    private final ZstandardSequences sequences = new ZstandardSequences();
    private final ZstandardLiterals literals = new ZstandardLiterals();
    private byte[] content = {};
    private int tableShift;

    /** How many bytes a frame may take at the most. */
    public static int maxLength(int length) {
        return Math.addExact(length, MAX_FRAME_HEADER + BLOCK_HEADER * (length / MAX_BLOCK_BYTES + 1));
    }

    /**
     * Compresses bytes.
     *
     * @param into has room for {@link #maxLength} from {@code intoOffset} on
     * @return where the frame ends
     */
    public int compress(byte[] bytes, int offset, int length, byte[] into, int intoOffset) {
        // Short content needs few places, and clearing them all would cost more than it.
        int bits = Math.clamp(32 - Integer.numberOfLeadingZeros(length), MIN_TABLE_BITS, MAX_TABLE_BITS);
        tableShift = 64 - bits;
        Arrays.fill(table, 0, 1 << bits, 0);
        sequences.beginFrame();
        int out = frameHeader(length, into, intoOffset);
        int at = offset;
        int end = offset + length;
        do {
            int blockEnd = Math.min(end, at + MAX_BLOCK_BYTES);
            out = block(bytes, offset, at, blockEnd, blockEnd == end, into, out);
            at = blockEnd;
        } while (at < end);
        return out;
    }

    private static int frameHeader(int length, byte[] into, int intoOffset) {
        int out = putLittleEndian(ZstandardFormat.MAGIC, 4, into, intoOffset);
        if (length < 256) {
            into[out++] = 0x20;
            return putLittleEndian(length, 1, into, out);
        }
        if (length < 256 + (1 << 16)) {
            into[out++] = 0x60;
            return putLittleEndian(length - 256, 2, into, out);
        }
        into[out++] = (byte) 0xa0;
        return putLittleEndian(length, 4, into, out);
    }

    static int putLittleEndian(int value, int count, byte[] into, int intoOffset) {
        for (int i = 0; i < count; i++) {
            into[intoOffset + i] = (byte) (value >>> (8 * i));
        }
        return intoOffset + count;
    }

    private int block(byte[] bytes, int base, int begin, int end, boolean last, byte[] into, int intoOffset) {
        int flag = last ? 1 : 0;
        int size = end - begin;
        int out = intoOffset + BLOCK_HEADER;
        sequences.keepRecent();
        find(bytes, base, begin, end);
        int most = literals.maxBytes() + sequences.maxBytes();
        if (content.length < most) {
            content = new byte[most];
        }
        int compressed = sequences.write(content, literals.write(content));
        int kind = COMPRESSED;
        if (compressed >= size) {
            // What no reader sees must not count as recent.
            sequences.restoreRecent();
            kind = RAW;
            compressed = size;
            System.arraycopy(bytes, begin, into, out, size);
        } else {
            System.arraycopy(content, 0, into, out, compressed);
        }
        int _ = putLittleEndian(compressed << 3 | kind << 1 | flag, BLOCK_HEADER, into, intoOffset);
        return out + compressed;
    }

    /** Splits a block into literals and copies of what was before. */
    private void find(byte[] bytes, int base, int begin, int end) {
        sequences.clear();
        literals.clear();
        int literal = begin;
        int at = begin;
        int misses = 0;
        int searchEnd = end - WORD_BYTES;
        while (at <= searchEnd) {
            long word = (long) LONG.get(bytes, at);
            int slot = (int) (((word << 24) * MULTIPLIER) >>> tableShift);
            int candidate = base + table[slot] - 1;
            table[slot] = at - base + 1;
            if (candidate < base || (((long) LONG.get(bytes, candidate) ^ word) << 24) != 0) {
                at += 1 + (misses++ >>> PATIENCE_BITS);
                continue;
            }
            misses = 0;
            int matched = at + MIN_MATCH;
            int from = candidate + MIN_MATCH;
            while (matched < end && bytes[matched] == bytes[from]) {
                matched++;
                from++;
            }
            // A match may begin before the place where it was seen.
            int start = at;
            int startFrom = candidate;
            while (start > literal && startFrom > base && bytes[start - 1] == bytes[startFrom - 1]) {
                start--;
                startFrom--;
            }
            literals.add(bytes, literal, start - literal);
            sequences.add(start - literal, matched - start, start - startFrom);
            at = matched;
            literal = matched;
        }
        literals.add(bytes, literal, end - literal);
    }
}
