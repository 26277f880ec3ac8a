// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.block;

import java.io.IOException;
import java.util.Arrays;

/**
 * The texts of an index. In memory is where one in {@link IndexLayout#SAMPLING} of them begins; the others are found from
 * there. Safe for use by many threads, each with a reader of its own.
 */
final class SymbolTable {
    private static final int READ_BYTES = 4 << 10;

    private final boolean byOffset;
    private final long beginOffset;
    private final long endOffset;
    private final int count;
    private final long[] samples;

    private SymbolTable(boolean byOffset, long beginOffset, long endOffset, int count, long[] samples) {
        this.byOffset = byOffset;
        this.beginOffset = beginOffset;
        this.endOffset = endOffset;
        this.count = count;
        this.samples = samples;
    }

    /** What the table takes in memory, bytes. */
    long memoryBytes() {
        return (long) samples.length * Long.BYTES;
    }

    static SymbolTable read(PageReader in, long offsetBytes, boolean byOffset) throws IOException {
        ByteCursor cursor = IndexParts.open(in, offsetBytes);
        int count = cursor.be32();
        if (count < 0 || count > cursor.left()) {
            throw cursor.corrupt("there are too many symbols, found " + Integer.toUnsignedString(count));
        }
        long[] samples = new long[(count + IndexLayout.SAMPLING - 1) / IndexLayout.SAMPLING];
        long begin = cursor.offsetBytes();
        for (int i = 0; i < count; i++) {
            if (i % IndexLayout.SAMPLING == 0) {
                samples[i / IndexLayout.SAMPLING] = cursor.offsetBytes();
            }
            cursor.skipText();
        }
        return new SymbolTable(byOffset, begin, cursor.offsetBytes(), count, samples);
    }

    int count() {
        return count;
    }

    /** The text of a symbol reference. */
    String text(PageReader in, long symbol) throws IOException {
        if (byOffset) {
            if (symbol < beginOffset || symbol >= endOffset) {
                throw unknown(in, symbol);
            }
            return textAt(in, symbol);
        }
        if (symbol < 0 || symbol >= count) {
            throw unknown(in, symbol);
        }
        long offset = samples[(int) (symbol / IndexLayout.SAMPLING)];
        int skip = (int) (symbol % IndexLayout.SAMPLING);
        int have = READ_BYTES;
        while (true) {
            boolean all = offset + have >= endOffset;
            ByteCursor cursor = in.at(offset, (int) (all ? endOffset - offset : have));
            try {
                for (int i = 0; i < skip; i++) {
                    cursor.skipText();
                }
                return cursor.text();
            } catch (CorruptBlockException e) {
                if (all) {
                    throw e;
                }
                have *= 8; // long texts: once more with more of the file
            }
        }
    }

    private String textAt(PageReader in, long offset) throws IOException {
        ByteCursor head = in.upTo(offset, (int) Math.min(10, endOffset - offset));
        long length = head.uvarint();
        if (length < 0 || length > endOffset - head.offsetBytes()) {
            throw unknown(in, offset);
        }
        long at = head.offsetBytes();
        ByteCursor cursor = in.at(offset, (int) (at - offset + length));
        return cursor.text();
    }

    /** Every text, in order. */
    String[] all(PageReader in) throws IOException {
        String[] texts = new String[count];
        ByteCursor cursor = in.at(beginOffset, (int) (endOffset - beginOffset));
        for (int i = 0; i < count; i++) {
            texts[i] = cursor.text();
        }
        return texts;
    }

    private static CorruptBlockException unknown(PageReader in, long symbol) throws IOException {
        return in.at(0, 0).corrupt("a series refers to an unknown symbol, found " + Long.toUnsignedString(symbol));
    }

    @Override
    public String toString() {
        return "SymbolTable[" + count + " from " + beginOffset + ", samples " + Arrays.toString(samples) + "]";
    }
}
