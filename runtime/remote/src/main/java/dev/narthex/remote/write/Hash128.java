// SPDX-License-Identifier: Apache-2.0
package dev.narthex.remote.write;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A hash of 128 bits of byte ranges, with secret seeds, so that who sends the bytes cannot choose them to collide. Eight
 * bytes a step into two lanes, each a multiply of 64 by 64 bits folded to 64, the mixing of the wyhash family. For one
 * thread: the last hash stands in {@link #high} and {@link #low}.
 */
final class Hash128 {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ODD_1 = 0xa0761d6478bd642fL;
    private static final long ODD_2 = 0xe7037ed1a0b428dbL;

    private final long seedHigh;
    private final long seedLow;

    long high;
    long low;

    /** @param seedHigh and seedLow random numbers that nobody outside the process knows */
    Hash128(long seedHigh, long seedLow) {
        this.seedHigh = seedHigh;
        this.seedLow = seedLow;
    }

    void reset() {
        high = seedHigh;
        low = seedLow;
    }

    /** Takes more bytes in; how they are cut into calls matters. */
    void update(byte[] bytes, int from, int to) {
        long h = high;
        long l = low;
        int at = from;
        while (to - at >= Long.BYTES) {
            long word = (long) LONGS.get(bytes, at);
            h = mix(h ^ word, ODD_1);
            l = mix(l ^ word, ODD_2);
            at += Long.BYTES;
        }
        long rest = 0;
        for (int shift = 0; at < to; shift += Byte.SIZE) {
            rest |= (bytes[at++] & 0xffL) << shift;
        }
        long length = (long) to - from;
        high = mix(h ^ rest, ODD_1 ^ length);
        low = mix(l ^ rest, ODD_2 ^ length);
    }

    /** Takes a hash of 128 bits in, such as that of a symbol. */
    void update(long otherHigh, long otherLow) {
        high = mix(high ^ otherHigh, ODD_1);
        low = mix(low ^ otherLow, ODD_2);
    }

    private static long mix(long a, long b) {
        return Math.unsignedMultiplyHigh(a, b) ^ (a * b) ^ Long.rotateLeft(a, 23);
    }
}
