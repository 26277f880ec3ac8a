// SPDX-License-Identifier: Apache-2.0
package dev.narthex.exposition;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** A fast hash of 64 bits over bytes. Not for use against somebody who looks for collisions. */
final class Fingerprint {
    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    private Fingerprint() {}

    static long of(byte[] bytes, int from, int to) {
        return of(MULTIPLIER ^ (to - from), bytes, from, to);
    }

    /** Goes on from another hash. */
    static long of(long seed, byte[] bytes, int from, int to) {
        long hash = seed;
        int at = from;
        for (; at + 8 <= to; at += 8) {
            hash = mix(hash ^ (long) WORD.get(bytes, at));
        }
        long rest = 1L + to - at;
        for (; at < to; at++) {
            rest = (rest << 8) | (bytes[at] & 0xff);
        }
        return mix(hash ^ rest);
    }

    static long mix(long word) {
        long product = word * MULTIPLIER;
        return product ^ Math.unsignedMultiplyHigh(word, MULTIPLIER);
    }
}
