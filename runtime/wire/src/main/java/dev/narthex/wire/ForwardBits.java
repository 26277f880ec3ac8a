// SPDX-License-Identifier: Apache-2.0
package dev.narthex.wire;

/**
 * Writes bits from the lowest of a byte to the highest. What is written last is read first by {@link BackwardBits}. The
 * caller sees to it that there is room. For one thread.
 */
final class ForwardBits {
    private byte[] bytes = {};
    private int at;
    private long pending;
    private int count;

    void reset(byte[] into, int offset) {
        bytes = into;
        at = offset;
        pending = 0;
        count = 0;
    }

    /** Writes the lowest bits of a value, 32 at the most. */
    void put(int value, int bits) {
        pending |= (value & ((1L << bits) - 1)) << count;
        count += bits;
        while (count >= 8) {
            bytes[at++] = (byte) pending;
            pending >>>= 8;
            count -= 8;
        }
    }

    /** Fills the last byte with zeros; where it ends. */
    int endWithZeros() {
        if (count > 0) {
            bytes[at++] = (byte) pending;
            count = 0;
            pending = 0;
        }
        return at;
    }

    /** Sets the bit that tells a backward reader where to begin; where the bytes end. */
    int endWithMark() {
        put(1, 1);
        return endWithZeros();
    }
}
