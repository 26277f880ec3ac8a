// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.web;

import java.math.BigInteger;

/** The binary digits of π behind the point, which Blowfish starts from (Schneier, "Description of a New Variable-Length
 * Key, 64-bit Block Cipher", 1993). Computed by Machin's formula. */
final class PiDigits {
    /** Digits beyond the wanted ones, so that what each term of the series loses does not reach those. */
    private static final int GUARD_BITS = 64;

    private PiDigits() {}

    /** The first words of 32 digits each. */
    static int[] words(int count) {
        int bits = Math.multiplyExact(count, Integer.SIZE);
        BigInteger one = BigInteger.ONE.shiftLeft(bits + GUARD_BITS);
        BigInteger pi = arcTangent(5, one)
                .shiftLeft(4)
                .subtract(arcTangent(239, one).shiftLeft(2))
                .shiftRight(GUARD_BITS);
        int[] words = new int[count];
        for (int i = 0; i < count; i++) {
            words[i] = pi.shiftRight(bits - Integer.SIZE * (i + 1)).intValue();
        }
        return words;
    }

    /** The arc tangent of {@code 1 / x}, as a multiple of {@code 1 / one}. */
    private static BigInteger arcTangent(int x, BigInteger one) {
        BigInteger square = BigInteger.valueOf((long) x * x);
        BigInteger power = one.divide(BigInteger.valueOf(x));
        BigInteger sum = power;
        for (int k = 3; power.signum() != 0; k += 2) {
            power = power.divide(square);
            BigInteger term = power.divide(BigInteger.valueOf(k));
            sum = k % 4 == 3 ? sum.subtract(term) : sum.add(term);
        }
        return sum;
    }
}
