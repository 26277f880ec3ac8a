// SPDX-License-Identifier: Apache-2.0
package dev.narthex.wire;

/** A decoding table of Finite State Entropy (RFC 8878, section 4.1): for each state a symbol and the way on. */
final class EntropyTable {
    private static final int MAX_SYMBOLS = 256;

    int log;
    final byte[] symbols;
    final byte[] bits;
    final short[] bases;
    private final short[] counts = new short[MAX_SYMBOLS];
    private final int[] next = new int[MAX_SYMBOLS];

    EntropyTable(int maxLog) {
        symbols = new byte[1 << maxLog];
        bits = new byte[1 << maxLog];
        bases = new short[1 << maxLog];
    }

    /** The table of one symbol only. */
    void single(int symbol) {
        log = 0;
        symbols[0] = (byte) symbol;
        bits[0] = 0;
        bases[0] = 0;
    }

    /** The table of a distribution; -1 stands for less than one. */
    void build(short[] distribution, int symbolCount, int tableLog) {
        log = tableLog;
        int size = 1 << tableLog;
        int high = size;
        for (int s = 0; s < symbolCount; s++) {
            if (distribution[s] == -1) {
                symbols[--high] = (byte) s;
                next[s] = 1;
            } else {
                next[s] = distribution[s];
            }
        }
        int step = (size >>> 1) + (size >>> 3) + 3;
        int at = 0;
        for (int s = 0; s < symbolCount; s++) {
            for (int i = 0; i < distribution[s]; i++) {
                symbols[at] = (byte) s;
                do {
                    at = (at + step) & (size - 1);
                } while (at >= high);
            }
        }
        ZstandardFormat.check(at == 0);
        for (int i = 0; i < size; i++) {
            int state = next[symbols[i] & 0xff]++;
            int width = tableLog - (31 - Integer.numberOfLeadingZeros(state));
            bits[i] = (byte) width;
            bases[i] = (short) ((state << width) - size);
        }
    }

    /**
     * Reads the description of a table (section 4.1.1).
     *
     * @return where it ends
     */
    int read(byte[] bytes, int offset, int end, int maxLog, int maxSymbol) {
        long position = 8L * offset;
        long limit = 8L * end;
        int tableLog = (int) forward(bytes, position, 4, limit) + 5;
        position += 4;
        ZstandardFormat.check(tableLog <= maxLog);
        int left = (1 << tableLog) + 1;
        int symbol = 0;
        while (left > 1) {
            ZstandardFormat.check(symbol <= maxSymbol);
            int width = 32 - Integer.numberOfLeadingZeros(left);
            int value = (int) forward(bytes, position, width, limit);
            int few = (1 << width) - 1 - left;
            int low = value & ((1 << (width - 1)) - 1);
            if (low < few) {
                position += width - 1;
                value = low;
            } else {
                position += width;
                if (value >= 1 << (width - 1)) {
                    value -= few;
                }
            }
            int probability = value - 1;
            counts[symbol++] = (short) probability;
            left -= Math.abs(probability);
            if (probability == 0) {
                int repeat;
                do {
                    repeat = (int) forward(bytes, position, 2, limit);
                    position += 2;
                    ZstandardFormat.check(symbol + repeat <= maxSymbol + 1);
                    for (int i = 0; i < repeat; i++) {
                        counts[symbol++] = 0;
                    }
                } while (repeat == 3);
            }
        }
        ZstandardFormat.check(left == 1 && position <= limit);
        build(counts, symbol, tableLog);
        return (int) ((position + 7) >>> 3);
    }

    /** Bits from the lowest of a byte to the highest; zeros behind the end. */
    private static long forward(byte[] bytes, long position, int count, long limit) {
        ZstandardFormat.check(position < limit);
        long value = 0;
        int at = (int) (position >>> 3);
        for (int i = 0; i < 4 && 8L * (at + i) < limit; i++) {
            value |= (bytes[at + i] & 0xffL) << (8 * i);
        }
        return value >>> (position & 7) & ((1L << count) - 1);
    }
}
