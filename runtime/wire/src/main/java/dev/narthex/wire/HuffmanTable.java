// SPDX-License-Identifier: Apache-2.0
package dev.narthex.wire;

/** The prefix code of literals (RFC 8878, section 4.2). For one thread. */
final class HuffmanTable {
    private static final int MAX_BITS = 11;
    private static final int MAX_SYMBOLS = 256;
    private static final int WEIGHT_LOG = 6;

    private final byte[] symbols = new byte[1 << MAX_BITS];
    private final byte[] lengths = new byte[1 << MAX_BITS];
    private final int[] weights = new int[MAX_SYMBOLS];
    private final EntropyTable weightTable = new EntropyTable(WEIGHT_LOG);
    private final BackwardBits stream = new BackwardBits();
    private int bits;
    private boolean present;

    void clear() {
        present = false;
    }

    boolean isPresent() {
        return present;
    }

    /**
     * Reads the description of a code.
     *
     * @return where it ends
     */
    int read(byte[] bytes, int offset, int end) {
        ZstandardFormat.check(offset < end);
        int header = bytes[offset] & 0xff;
        int at = offset + 1;
        int count;
        if (header >= 128) {
            count = header - 127;
            ZstandardFormat.check((count + 1) / 2 <= end - at);
            for (int i = 0; i < count; i++) {
                int pair = bytes[at + i / 2] & 0xff;
                weights[i] = i % 2 == 0 ? pair >>> 4 : pair & 0xf;
            }
            at += (count + 1) / 2;
        } else {
            ZstandardFormat.check(header <= end - at);
            count = readCompressed(bytes, at, at + header);
            at += header;
        }
        build(count);
        present = true;
        return at;
    }

    private int readCompressed(byte[] bytes, int offset, int end) {
        int at = weightTable.read(bytes, offset, end, WEIGHT_LOG, MAX_SYMBOLS - 1);
        stream.reset(bytes, at, end - at);
        int one = stream.read(weightTable.log);
        int other = stream.read(weightTable.log);
        ZstandardFormat.check(stream.left() >= 0);
        int count = 0;
        while (true) {
            ZstandardFormat.check(count < MAX_SYMBOLS - 2);
            weights[count++] = weightTable.symbols[one] & 0xff;
            if (stream.left() < weightTable.bits[one]) {
                weights[count++] = weightTable.symbols[other] & 0xff;
                return count;
            }
            one = (weightTable.bases[one] & 0xffff) + stream.read(weightTable.bits[one]);
            weights[count++] = weightTable.symbols[other] & 0xff;
            if (stream.left() < weightTable.bits[other]) {
                weights[count++] = weightTable.symbols[one] & 0xff;
                return count;
            }
            other = (weightTable.bases[other] & 0xffff) + stream.read(weightTable.bits[other]);
        }
    }

    /** Makes the table of all weights but the last, which follows from the others. */
    private void build(int count) {
        int sum = 0;
        for (int i = 0; i < count; i++) {
            ZstandardFormat.check(weights[i] <= MAX_BITS);
            sum += weights[i] == 0 ? 0 : 1 << (weights[i] - 1);
        }
        ZstandardFormat.check(sum > 0 && count < MAX_SYMBOLS);
        bits = 32 - Integer.numberOfLeadingZeros(sum);
        ZstandardFormat.check(bits <= MAX_BITS);
        int rest = (1 << bits) - sum;
        ZstandardFormat.check(Integer.bitCount(rest) == 1);
        weights[count] = 32 - Integer.numberOfLeadingZeros(rest);
        int at = 0;
        for (int weight = 1; weight <= bits; weight++) {
            for (int symbol = 0; symbol <= count; symbol++) {
                if (weights[symbol] == weight) {
                    int places = 1 << (weight - 1);
                    for (int i = 0; i < places; i++) {
                        symbols[at] = (byte) symbol;
                        lengths[at++] = (byte) (bits + 1 - weight);
                    }
                }
            }
        }
        ZstandardFormat.check(at == 1 << bits);
    }

    /** Decodes a stream of so many symbols. */
    void decode(byte[] bytes, int offset, int length, byte[] into, int intoOffset, int count) {
        stream.reset(bytes, offset, length);
        for (int i = 0; i < count; i++) {
            int code = stream.peek(bits);
            into[intoOffset + i] = symbols[code];
            stream.skip(lengths[code]);
            ZstandardFormat.check(stream.left() >= 0);
        }
        ZstandardFormat.check(stream.left() == 0);
    }
}
