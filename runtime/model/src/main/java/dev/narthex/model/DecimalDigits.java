// SPDX-License-Identifier: Apache-2.0
package dev.narthex.model;

import java.nio.charset.StandardCharsets;

/** Whole numbers as ASCII digits, two at a time, without allocation. */
public final class DecimalDigits {
    /** The most digits that a number has. */
    public static final int MAX_DIGITS = 19;

    /** 00, 01, ... 99. */
    private static final byte[] PAIRS = pairs();

    /** Powers of ten, with 0 for the first so that a zero has a digit. */
    private static final long[] POWERS = powers();

    private DecimalDigits() {}

    private static byte[] pairs() {
        StringBuilder text = new StringBuilder(200);
        for (int i = 0; i < 100; i++) {
            text.append((char) ('0' + i / 10)).append((char) ('0' + i % 10));
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static long[] powers() {
        long[] powers = new long[MAX_DIGITS];
        long power = 1;
        for (int i = 0; i < MAX_DIGITS; i++) {
            powers[i] = i == 0 ? 0 : power;
            power *= 10;
        }
        return powers;
    }

    /** How many digits a number has that is not negative. */
    public static int count(long value) {
        // 1233/4096 is a little more than log10(2): one too low where the highest digits are small.
        int estimate = ((Long.SIZE - Long.numberOfLeadingZeros(value | 1)) * 1233) >>> 12;
        return estimate + (value >= POWERS[estimate] ? 1 : 0);
    }

    /**
     * Writes a number that is not negative.
     *
     * @param count as {@link #count} says
     * @param into has at least so many bytes from {@code at} on
     */
    public static void write(long value, int count, byte[] into, int at) {
        long rest = value;
        int end = at + count;
        while (rest >= 100) {
            long left = rest / 100;
            int pair = (int) (rest - left * 100) * 2;
            into[--end] = PAIRS[pair + 1];
            into[--end] = PAIRS[pair];
            rest = left;
        }
        if (rest >= 10) {
            into[--end] = PAIRS[(int) rest * 2 + 1];
            into[--end] = PAIRS[(int) rest * 2];
        } else {
            into[--end] = (byte) ('0' + rest);
        }
    }
}
