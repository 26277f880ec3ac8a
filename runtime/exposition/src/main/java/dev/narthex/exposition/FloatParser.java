// SPDX-License-Identifier: Apache-2.0
package dev.narthex.exposition;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Reads decimal floating-point numbers from bytes to the nearest double, as Go's {@code strconv.ParseFloat} does for
 * the numbers that a text exposition may hold: no hexadecimal form, no underscores, too large is an error, too small
 * is zero. For one thread; allocates nothing for a number of up to 19 significant digits, but for the rare one that
 * needs more than 128 bits to be rounded.
 *
 * <p>Digits are taken eight at a time. A mantissa below 2<sup>53</sup> with a small exponent is one exact division or
 * multiplication (Clinger 1990). Other mantissas of up to 19 digits are multiplied by a 128-bit approximation of the
 * power of five, which decides nearly every case (Lemire, "Number Parsing at a Gigabyte per Second", 2021). The rest
 * goes to {@link Double#parseDouble}, cut to a bounded number of digits.
 */
public final class FloatParser {
    /** What {@link #parse} gives where there is no number. */
    public static final int INVALID = -1;

    /** What {@link #parse} gives for a number beyond the largest double. */
    public static final int OUT_OF_RANGE = -2;

    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int MAX_EXACT_POWER = 22;
    private static final long MAX_EXACT_MANTISSA = 1L << 53;
    private static final int MAX_DIGITS_IN_LONG = 19;
    private static final int MAX_EXPONENT = 100_000_000;
    /** No double lies closer to the middle of two doubles than 768 digits can tell; one more digit stands for the rest. */
    private static final int MAX_SIGNIFICANT_DIGITS = 770;

    private static final int MIN_POWER = -342;
    private static final int MAX_POWER = 308;
    private static final int MIN_ROUNDED_UP = -27;
    private static final double[] POWERS_OF_TEN = powersOfTen();
    private static final long[] POWERS_OF_FIVE = powersOfFive();

    private double value;

    /** The number that the last successful {@link #parse} found. */
    public double value() {
        return value;
    }

    /**
     * Reads the number that starts at {@code from}.
     *
     * @return the offset of the first byte behind the number, {@link #INVALID} or {@link #OUT_OF_RANGE}
     */
    public int parse(byte[] bytes, int from, int limit) {
        int at = from;
        boolean negative = false;
        if (at < limit && (bytes[at] == '-' || bytes[at] == '+')) {
            negative = bytes[at] == '-';
            at++;
        }
        int start = at;
        long mantissa = 0;
        while (at + 8 <= limit) {
            long word = (long) WORD.get(bytes, at);
            if (!isEightDigits(word)) {
                break;
            }
            mantissa = mantissa * 100_000_000 + eightDigits(word);
            at += 8;
        }
        int digit;
        while (at < limit && (digit = bytes[at] - '0') >= 0 && digit <= 9) {
            mantissa = mantissa * 10 + digit;
            at++;
        }
        int digits = at - start;
        int exponent = 0;
        if (at < limit && bytes[at] == '.') {
            int fraction = ++at;
            while (at + 8 <= limit) {
                long word = (long) WORD.get(bytes, at);
                if (!isEightDigits(word)) {
                    break;
                }
                mantissa = mantissa * 100_000_000 + eightDigits(word);
                at += 8;
            }
            while (at < limit && (digit = bytes[at] - '0') >= 0 && digit <= 9) {
                mantissa = mantissa * 10 + digit;
                at++;
            }
            digits += at - fraction;
            exponent = fraction - at;
        }
        if (digits == 0) {
            return special(bytes, from, start, limit, negative);
        }
        int mantissaEnd = at;
        int written = 0;
        if (at < limit && (bytes[at] | 0x20) == 'e') {
            boolean negativeExponent = false;
            at++;
            if (at < limit && (bytes[at] == '-' || bytes[at] == '+')) {
                negativeExponent = bytes[at] == '-';
                at++;
            }
            int exponentStart = at;
            while (at < limit && (digit = bytes[at] - '0') >= 0 && digit <= 9) {
                written = Math.min(MAX_EXPONENT, written * 10 + digit);
                at++;
            }
            if (at == exponentStart) {
                return INVALID;
            }
            written = negativeExponent ? -written : written;
            exponent += written;
        }
        double magnitude;
        if (digits <= MAX_DIGITS_IN_LONG || digits - leadingZeros(bytes, start, mantissaEnd) <= MAX_DIGITS_IN_LONG) {
            magnitude = scale(mantissa, exponent);
        } else {
            magnitude = manyDigits(bytes, start, mantissaEnd, written);
        }
        if (magnitude == Double.POSITIVE_INFINITY) {
            return OUT_OF_RANGE;
        }
        value = negative ? -magnitude : magnitude;
        return at;
    }

    private static boolean isEightDigits(long word) {
        return ((word & 0xf0f0f0f0f0f0f0f0L) | (((word + 0x0606060606060606L) & 0xf0f0f0f0f0f0f0f0L) >>> 4))
                == 0x3333333333333333L;
    }

    private static long eightDigits(long word) {
        long pairs = (word - 0x3030303030303030L) * 10 + ((word - 0x3030303030303030L) >>> 8);
        return (((pairs & 0x000000ff000000ffL) * 0x000f424000000064L)
                        + (((pairs >>> 16) & 0x000000ff000000ffL) * 0x0000271000000001L))
                >>> 32;
    }

    /** The words for infinity and not-a-number in any case; only infinity takes a sign. */
    private int special(byte[] bytes, int from, int at, int limit, boolean negative) {
        if (at >= limit) {
            return INVALID;
        }
        if ((bytes[at] | 0x20) == 'i') {
            int end =
                    isWord(bytes, at, limit, "infinity") ? at + 8 : isWord(bytes, at, limit, "inf") ? at + 3 : INVALID;
            value = negative ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
            return end;
        }
        if (at == from && isWord(bytes, at, limit, "nan")) {
            value = Double.NaN;
            return at + 3;
        }
        return INVALID;
    }

    private static boolean isWord(byte[] bytes, int at, int limit, String word) {
        if (limit - at < word.length()) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if ((bytes[at + i] | 0x20) != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static double scale(long mantissa, int exponent) {
        if (mantissa >= 0 && mantissa <= MAX_EXACT_MANTISSA) {
            if (exponent == 0) {
                return mantissa;
            }
            if (exponent < 0 && exponent >= -MAX_EXACT_POWER) {
                return mantissa / POWERS_OF_TEN[-exponent];
            }
            if (exponent > 0 && exponent <= MAX_EXACT_POWER) {
                return mantissa * POWERS_OF_TEN[exponent];
            }
        }
        double result = nearest(mantissa, exponent);
        return result >= 0 ? result : Double.parseDouble(Long.toUnsignedString(mantissa) + "e" + exponent);
    }

    /** The double nearest to {@code mantissa * 10^exponent}, or not-a-number where 128 bits do not decide. */
    private static double nearest(long mantissa, int exponent) {
        if (mantissa == 0 || exponent < MIN_POWER) {
            return 0;
        }
        if (exponent > MAX_POWER) {
            return Double.POSITIVE_INFINITY;
        }
        int leadingZeros = Long.numberOfLeadingZeros(mantissa);
        long normal = mantissa << leadingZeros;
        int index = 2 * (exponent - MIN_POWER);
        long high = Math.unsignedMultiplyHigh(normal, POWERS_OF_FIVE[index]);
        long low = normal * POWERS_OF_FIVE[index];
        if ((high & 0x1ff) == 0x1ff) {
            long more = Math.unsignedMultiplyHigh(normal, POWERS_OF_FIVE[index + 1]);
            low += more;
            if (Long.compareUnsigned(low, more) < 0) {
                high++;
            }
        }
        if (low == -1L && (exponent < -27 || exponent > 55)) {
            return Double.NaN;
        }
        int upperBit = (int) (high >>> 63);
        long bits = high >>> (upperBit + 9);
        int binaryExponent = (int) (((152170L + 65536L) * exponent) >> 16) + 63 + upperBit - leadingZeros + 1023;
        if (binaryExponent <= 0) {
            // Subnormal: rare enough to leave to the library.
            return Double.NaN;
        }
        if (low >= 0
                && low <= 1
                && exponent >= -4
                && exponent <= 23
                && (bits & 3) == 1
                && bits << (upperBit + 9) == high) {
            // Exactly in the middle: to even.
            bits &= ~1L;
        }
        bits = (bits + (bits & 1)) >>> 1;
        if (bits >= 1L << 53) {
            bits = 1L << 52;
            binaryExponent++;
        }
        if (binaryExponent >= 0x7ff) {
            return Double.POSITIVE_INFINITY;
        }
        return Double.longBitsToDouble((bits & ~(1L << 52)) | ((long) binaryExponent << 52));
    }

    private static int leadingZeros(byte[] bytes, int start, int end) {
        int zeros = 0;
        for (int at = start; at < end && (bytes[at] == '0' || bytes[at] == '.'); at++) {
            zeros += bytes[at] == '0' ? 1 : 0;
        }
        return zeros;
    }

    /** A mantissa of more digits than a long can hold; leading zeros do not count. */
    private static double manyDigits(byte[] bytes, int start, int end, int written) {
        byte[] kept = new byte[Math.min(end - start, MAX_SIGNIFICANT_DIGITS) + 1];
        int count = 0;
        long exponent = written;
        boolean behindPoint = false;
        boolean rest = false;
        for (int at = start; at < end; at++) {
            if (bytes[at] == '.') {
                behindPoint = true;
                continue;
            }
            exponent -= behindPoint ? 1 : 0;
            if (count == 0 && bytes[at] == '0') {
                continue;
            }
            if (count < MAX_SIGNIFICANT_DIGITS) {
                kept[count++] = bytes[at];
            } else {
                exponent++;
                rest |= bytes[at] != '0';
            }
        }
        if (count == 0) {
            return 0;
        }
        if (rest) {
            kept[count++] = '1';
            exponent--;
        }
        String digits = new String(kept, 0, count, StandardCharsets.ISO_8859_1);
        return Double.parseDouble(digits + "e" + exponent);
    }

    private static double[] powersOfTen() {
        double[] powers = new double[MAX_EXACT_POWER + 1];
        powers[0] = 1;
        for (int i = 1; i < powers.length; i++) {
            powers[i] = powers[i - 1] * 10;
        }
        return powers;
    }

    /** The upper 128 bits of every power of five in range, rounded down, but up where the power is in [-27, 0). */
    private static long[] powersOfFive() {
        long[] words = new long[2 * (MAX_POWER - MIN_POWER + 1)];
        BigInteger five = BigInteger.valueOf(5);
        for (int power = MIN_POWER; power <= MAX_POWER; power++) {
            BigInteger exact = five.pow(Math.abs(power));
            BigInteger top;
            if (power >= 0) {
                int shift = exact.bitLength() - 128;
                top = shift >= 0 ? exact.shiftRight(shift) : exact.shiftLeft(-shift);
            } else {
                int shift = exact.bitLength() + 127;
                top = BigInteger.ONE.shiftLeft(shift).divide(exact);
                if (power >= MIN_ROUNDED_UP) {
                    top = top.add(BigInteger.ONE);
                }
            }
            int index = 2 * (power - MIN_POWER);
            words[index] = top.shiftRight(64).longValue();
            words[index + 1] = top.longValue();
        }
        return words;
    }
}
