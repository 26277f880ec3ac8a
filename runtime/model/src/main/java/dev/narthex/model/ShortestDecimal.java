// SPDX-License-Identifier: Apache-2.0
package dev.narthex.model;

import java.math.BigInteger;

/**
 * The shortest decimal that reads back as a given double, and of those the closest to it: what Go prints where no
 * precision is asked for.
 *
 * <p>Source: Raffaello Giulietti, "The Schubfach way to render doubles" (2020). The double is {@code c * 2^q}, the reals
 * that round to it are an interval, and {@code 10^k} is the largest power of ten that is not wider than it. Then at
 * most one multiple of {@code 10^(k+1)} lies in the interval, which is the answer if there is one; otherwise it is one
 * of the two multiples of {@code 10^k} next to the double. Products with powers of ten are made with 126 bits of the
 * power, rounded to odd, which is proven to be enough to compare. Allocates nothing.
 */
final class ShortestDecimal {
    private static final int FRACTION_BITS = 52;
    private static final long FRACTION_MASK = (1L << FRACTION_BITS) - 1;
    private static final int EXPONENT_MASK = 0x7ff;
    private static final int MIN_BINARY_EXPONENT = -1074;
    private static final long LOW_63_BITS = Long.MAX_VALUE;

    private ShortestDecimal() {}

    /** The power of ten that the answer of {@link #significand} counts, for a finite value that is not zero. */
    static int exponent(double value) {
        int binaryExponent = binaryExponent(value);
        return isPowerOfTwo(value)
                // floor(log10(3/4 * 2^q)): below a power of two the doubles lie twice as dense.
                ? (binaryExponent * 631_305 - 261_663) >> 21
                // floor(log10(2^q))
                : (binaryExponent * 315_653) >> 20;
    }

    /**
     * The answer as a multiple of a power of ten; it may end in zeros.
     *
     * @param value finite and not zero; its sign does not matter
     * @param exponent what {@link #exponent} says of it
     * @return at most 18 digits
     */
    static long significand(double value, int exponent) {
        long c = coefficient(value);
        int h = binaryExponent(value) + floorLog2OfPowerOf10(-exponent) + 2;
        long high = PowersOfTen.HIGH[exponent - PowersOfTen.MIN_EXPONENT];
        long low = PowersOfTen.LOW[exponent - PowersOfTen.MIN_EXPONENT];
        // Four times the value and the ends of its interval, in units of 10^exponent.
        long middle = multiply(high, low, (4 * c) << h);
        long lower = multiply(high, low, (4 * c - (isPowerOfTwo(value) ? 1 : 2)) << h);
        long upper = multiply(high, low, (4 * c + 2) << h);
        // The ends belong to the interval when the coefficient is even (ties go to even).
        long open = c & 1;

        long below = middle >> 2;
        long tenBelow = below / 10 * 10;
        boolean tenBelowIn = lower + open <= tenBelow << 2;
        boolean tenAboveIn = ((tenBelow + 10) << 2) + open <= upper;
        if (tenBelowIn != tenAboveIn) {
            return tenBelowIn ? tenBelow : tenBelow + 10;
        }
        boolean belowIn = lower + open <= below << 2;
        boolean aboveIn = ((below + 1) << 2) + open <= upper;
        if (belowIn != aboveIn) {
            return belowIn ? below : below + 1;
        }
        long toMiddle = middle - (2 * below + 1) * 2;
        return toMiddle < 0 || (toMiddle == 0 && (below & 1) == 0) ? below : below + 1;
    }

    private static int binaryExponent(double value) {
        int biased = (int) (Double.doubleToRawLongBits(value) >>> FRACTION_BITS) & EXPONENT_MASK;
        return biased == 0 ? MIN_BINARY_EXPONENT : biased + MIN_BINARY_EXPONENT - 1;
    }

    private static long coefficient(double value) {
        long bits = Double.doubleToRawLongBits(value);
        long fraction = bits & FRACTION_MASK;
        return ((bits >>> FRACTION_BITS) & EXPONENT_MASK) == 0 ? fraction : fraction | (1L << FRACTION_BITS);
    }

    /** Whether the next double below is nearer than the next above. */
    private static boolean isPowerOfTwo(double value) {
        long bits = Double.doubleToRawLongBits(value);
        return (bits & FRACTION_MASK) == 0 && ((bits >>> FRACTION_BITS) & EXPONENT_MASK) > 1;
    }

    private static int floorLog2OfPowerOf10(int exponent) {
        return (exponent * 1_741_647) >> 19;
    }

    /** The top of a 126-bit by 63-bit product, its lowest bit set when anything below was lost. */
    private static long multiply(long high, long low, long factor) {
        long lowTop = Math.multiplyHigh(low, factor);
        long middle = ((high * factor) >>> 1) + lowTop;
        long top = Math.multiplyHigh(high, factor) + (middle >>> 63);
        return top | (((middle & LOW_63_BITS) + LOW_63_BITS) >>> 63);
    }

    /** For each exponent k the 126 leading bits of 10^-k, plus one, split in halves; made when first needed. */
    private static final class PowersOfTen {
        static final int MIN_EXPONENT = -324;
        static final int MAX_EXPONENT = 292;
        static final long[] HIGH = new long[MAX_EXPONENT - MIN_EXPONENT + 1];
        static final long[] LOW = new long[MAX_EXPONENT - MIN_EXPONENT + 1];

        static {
            BigInteger mask = BigInteger.valueOf(LOW_63_BITS);
            BigInteger power = BigInteger.ONE;
            for (int e = 0; e <= -MIN_EXPONENT; e++) {
                put(-e, shift(power, e), mask);
                if (e > 0 && e <= MAX_EXPONENT) {
                    int shift = 125 - floorLog2OfPowerOf10(-e);
                    put(e, BigInteger.ONE.shiftLeft(shift).divide(power), mask);
                }
                power = power.multiply(BigInteger.TEN);
            }
        }

        private static BigInteger shift(BigInteger power, int exponent) {
            return power.shiftLeft(125 - floorLog2OfPowerOf10(exponent));
        }

        private static void put(int exponent, BigInteger leadingBits, BigInteger mask) {
            BigInteger g = leadingBits.add(BigInteger.ONE);
            HIGH[exponent - MIN_EXPONENT] = g.shiftRight(63).longValueExact();
            LOW[exponent - MIN_EXPONENT] = g.and(mask).longValueExact();
        }
    }
}
