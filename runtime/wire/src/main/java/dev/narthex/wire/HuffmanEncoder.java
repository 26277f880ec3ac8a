// SPDX-License-Identifier: Apache-2.0
package dev.narthex.wire;

import java.util.Arrays;

/** Encodes literals with a prefix code made for them (RFC 8878, section 4.2), the inverse of {@link HuffmanTable}. For one thread. */
final class HuffmanEncoder {
    private static final int MAX_BITS = 11;
    private static final int SYMBOLS = 256;
    private static final int MAX_DIRECT_WEIGHTS = 128;
    private static final int WEIGHT_LOG = 6;
    private static final int WEIGHTS = MAX_BITS + 1;

    private final int[] counts = new int[SYMBOLS];
    private final int[] lengths = new int[SYMBOLS];
    private final int[] codes = new int[SYMBOLS];
    private final int[] weights = new int[SYMBOLS];
    /** Nodes of the tree: the symbols that come up, then inner ones, in ascending order of their counts. */
    private final long[] leaves = new long[SYMBOLS];

    private final long[] sums = new long[2 * SYMBOLS];
    private final int[] parents = new int[2 * SYMBOLS];
    private final EntropyEncoder weightEncoder = new EntropyEncoder(WEIGHT_LOG);
    private final short[] distribution = new short[WEIGHTS];
    private final ForwardBits out = new ForwardBits();
    private int present;
    private int lastSymbol;
    private int bits;

    /** Makes a code for bytes; how many different ones there are. */
    int build(byte[] bytes, int length) {
        Arrays.fill(counts, 0);
        for (int i = 0; i < length; i++) {
            counts[bytes[i] & 0xff]++;
        }
        present = 0;
        for (int s = 0; s < SYMBOLS; s++) {
            if (counts[s] > 0) {
                present++;
                lastSymbol = s;
            }
        }
        if (present < 2) {
            return present;
        }
        bits = setLengths();
        while (bits > MAX_BITS) {
            // Rare bytes are taken for less rare ones until the longest code is short enough.
            for (int s = 0; s < SYMBOLS; s++) {
                counts[s] = counts[s] == 0 ? 0 : counts[s] / 2 + 1;
            }
            bits = setLengths();
        }
        setCodes();
        return present;
    }

    /** Sets the length of each code by Huffman's algorithm; the longest. */
    private int setLengths() {
        int count = 0;
        for (int s = 0; s < SYMBOLS; s++) {
            if (counts[s] > 0) {
                leaves[count++] = (long) counts[s] << 8 | s;
            }
        }
        Arrays.sort(leaves, 0, count);
        for (int i = 0; i < count; i++) {
            sums[i] = leaves[i] >>> 8;
        }
        int leaf = 0;
        int inner = count;
        int end = 2 * count - 1;
        for (int node = count; node < end; node++) {
            sums[node] = 0;
            for (int child = 0; child < 2; child++) {
                boolean takeLeaf = leaf < count && (inner == node || sums[leaf] <= sums[inner]);
                int taken = takeLeaf ? leaf++ : inner++;
                sums[node] += sums[taken];
                parents[taken] = node;
            }
        }
        Arrays.fill(lengths, 0);
        sums[end - 1] = 0; // from here on depths
        int longest = 0;
        for (int node = end - 2; node >= 0; node--) {
            sums[node] = sums[parents[node]] + 1;
            if (node < count) {
                lengths[(int) (leaves[node] & 0xff)] = (int) sums[node];
                longest = Math.max(longest, (int) sums[node]);
            }
        }
        return longest;
    }

    /** Gives the codes in the order in which the decoding table has them. */
    private void setCodes() {
        int at = 0;
        for (int weight = 1; weight <= bits; weight++) {
            for (int s = 0; s <= lastSymbol; s++) {
                if (lengths[s] > 0 && bits + 1 - lengths[s] == weight) {
                    codes[s] = at >>> (weight - 1);
                    at += 1 << (weight - 1);
                }
            }
        }
    }

    /**
     * Writes the description of the code.
     *
     * @return where it ends, -1 where it cannot be described
     */
    int writeTable(byte[] into, int offset) {
        for (int s = 0; s < lastSymbol; s++) {
            weights[s] = lengths[s] == 0 ? 0 : bits + 1 - lengths[s];
        }
        int compressed = compressWeights(into, offset);
        int direct = lastSymbol <= MAX_DIRECT_WEIGHTS ? offset + 1 + (lastSymbol + 1) / 2 : Integer.MAX_VALUE;
        if (compressed > 0 && compressed < direct) {
            return compressed;
        }
        if (direct == Integer.MAX_VALUE) {
            return -1;
        }
        into[offset] = (byte) (127 + lastSymbol);
        for (int i = 0; i < lastSymbol; i += 2) {
            int second = i + 1 < lastSymbol ? weights[i + 1] : 0;
            into[offset + 1 + i / 2] = (byte) (weights[i] << 4 | second);
        }
        return direct;
    }

    /** Writes the weights in Finite State Entropy; where they end, -1 where that is not possible. */
    private int compressWeights(byte[] into, int offset) {
        int count = lastSymbol;
        if (count < 2 || !distribute(count)) {
            return -1;
        }
        out.reset(into, offset + 1);
        writeDistribution();
        int tableEnd = out.endWithZeros();
        weightEncoder.build(distribution, WEIGHTS, WEIGHT_LOG);
        out.reset(into, tableEnd);
        // Two states take turns; a decoder begins with the first weight in one and the second in the other.
        int[] states = new int[2];
        states[(count - 1) & 1] = weightEncoder.last(weights[count - 1]);
        states[(count - 2) & 1] = weightEncoder.last(weights[count - 2]);
        for (int i = count - 3; i >= 0; i--) {
            states[i & 1] = weightEncoder.before(states[i & 1], weights[i], out);
        }
        weightEncoder.first(states[1], out);
        weightEncoder.first(states[0], out);
        int end = out.endWithMark();
        int size = end - offset - 1;
        if (size >= 128) {
            return -1;
        }
        into[offset] = (byte) size;
        return end;
    }

    /** Brings the counts of the weights to the size of the table; false where there is one weight only. */
    private boolean distribute(int count) {
        int[] frequencies = new int[WEIGHTS];
        int different = 0;
        for (int i = 0; i < count; i++) {
            different += frequencies[weights[i]]++ == 0 ? 1 : 0;
        }
        if (different < 2) {
            return false;
        }
        int left = 1 << WEIGHT_LOG;
        int largest = 0;
        for (int w = 0; w < WEIGHTS; w++) {
            int share = frequencies[w] == 0 ? 0 : Math.max(1, (frequencies[w] << WEIGHT_LOG) / count);
            distribution[w] = (short) share;
            left -= share;
            largest = distribution[w] > distribution[largest] ? w : largest;
        }
        distribution[largest] += (short) left;
        return distribution[largest] > 0;
    }

    /** Writes the distribution of the weights (section 4.1.1). */
    private void writeDistribution() {
        out.put(WEIGHT_LOG - 5, 4);
        int left = (1 << WEIGHT_LOG) + 1;
        int symbol = 0;
        while (left > 1) {
            int value = distribution[symbol++] + 1;
            int width = 31 - Integer.numberOfLeadingZeros(left);
            // Values below this take one bit less; the highest ones follow those of the same low bits.
            int shorter = (2 << width) - 1 - left;
            if (value < shorter) {
                out.put(value, width);
            } else {
                out.put(value < 1 << width ? value : value + shorter, width + 1);
            }
            left -= value - 1;
            if (value == 1 && left > 1) {
                int zeros = 0;
                while (distribution[symbol + zeros] == 0) {
                    zeros++;
                }
                symbol += zeros;
                while (zeros >= 3) {
                    out.put(3, 2);
                    zeros -= 3;
                }
                out.put(zeros, 2);
            }
        }
    }

    /** How many bytes a stream of these bytes takes. */
    int streamBytes(byte[] bytes, int offset, int length) {
        long total = 1;
        for (int i = offset; i < offset + length; i++) {
            total += lengths[bytes[i] & 0xff];
        }
        return (int) ((total + 7) >>> 3);
    }

    /** Writes a stream of bytes; where it ends. */
    int writeStream(byte[] bytes, int offset, int length, byte[] into, int intoOffset) {
        out.reset(into, intoOffset);
        for (int i = offset + length - 1; i >= offset; i--) {
            int symbol = bytes[i] & 0xff;
            out.put(codes[symbol], lengths[symbol]);
        }
        return out.endWithMark();
    }
}
