// SPDX-License-Identifier: Apache-2.0
package dev.narthex.wire;

/**
 * An encoding table of Finite State Entropy (RFC 8878, section 4.1), the inverse of {@link EntropyTable}. Symbols are
 * encoded from the last to the first; a state is a place in the decoding table plus the table's size. For one thread.
 */
final class EntropyEncoder {
    private static final int MAX_SYMBOLS = 256;

    private int log;
    private final EntropyTable table;
    private final int[] counts = new int[MAX_SYMBOLS];
    /** Where the places of a symbol begin. */
    private final int[] starts = new int[MAX_SYMBOLS + 1];

    private final int[] places;

    EntropyEncoder(int maxLog) {
        table = new EntropyTable(maxLog);
        places = new int[1 << maxLog];
    }

    /** The encoder of a distribution that is given with the format. */
    static EntropyEncoder of(short[] distribution, int tableLog) {
        EntropyEncoder encoder = new EntropyEncoder(tableLog);
        encoder.build(distribution, distribution.length, tableLog);
        return encoder;
    }

    /** Makes the table of a distribution; -1 stands for less than one. */
    void build(short[] distribution, int symbolCount, int tableLog) {
        log = tableLog;
        table.build(distribution, symbolCount, tableLog);
        int start = 0;
        for (int s = 0; s < symbolCount; s++) {
            starts[s] = start;
            counts[s] = Math.abs(distribution[s]);
            start += counts[s];
        }
        int[] next = starts.clone();
        for (int place = 0; place < 1 << tableLog; place++) {
            places[next[table.symbols[place] & 0xff]++] = place;
        }
    }

    /** A state from which a decoder gives the symbol and nothing more: that of the last symbol. */
    int last(int symbol) {
        return places[starts[symbol]] + (1 << log);
    }

    /** The state from which a decoder gives the symbol and then goes to another state. */
    int before(int state, int symbol, ForwardBits out) {
        int bits = log - (31 - Integer.numberOfLeadingZeros(counts[symbol]));
        if (state >>> bits < counts[symbol]) {
            bits--;
        }
        out.put(state, bits);
        return places[starts[symbol] + (state >>> bits) - counts[symbol]] + (1 << log);
    }

    /** Writes the first state, which a decoder begins with. */
    void first(int state, ForwardBits out) {
        out.put(state, log);
    }
}
