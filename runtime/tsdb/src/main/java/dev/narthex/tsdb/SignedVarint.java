// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

/** Reads the signed numbers of variable length that records of samples consist of. Reused; for one thread. */
final class SignedVarint {
    private long value;

    /** Reads a number; where it ends, -1 where that is not before the limit or it has more than 64 bits. */
    int read(byte[] bytes, int from, int limit) {
        int at = from;
        long unsigned = 0;
        for (int shift = 0; shift < 64 && at < limit; shift += 7) {
            byte b = bytes[at++];
            unsigned |= (b & 0x7fL) << shift;
            if (b >= 0) {
                value = unsigned >>> 1 ^ -(unsigned & 1);
                return at;
            }
        }
        return -1;
    }

    /** The number that was read last. */
    long value() {
        return value;
    }
}
