// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.block;

import java.util.random.RandomGenerator;

/**
 * The names of blocks: 48 bits of time in milliseconds and 80 random bits, as 26 digits of Crockford's base 32
 * (specification github.com/ulid/spec). Their order by text is that by time of making.
 *
 * @param text 26 upper case digits
 */
public record Ulid(String text) implements Comparable<Ulid> {
    private static final String DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static final int LENGTH = 26;
    private static final int TIME_DIGITS = 10;

    public Ulid {
        if (!isUlid(text)) {
            throw new IllegalArgumentException("ulid: 26 digits of base 32 are needed, found \"" + text + "\"");
        }
    }

    public static boolean isUlid(String text) {
        return text.length() == LENGTH && text.charAt(0) <= '7' && text.chars().allMatch(c -> DIGITS.indexOf(c) >= 0);
    }

    /** Makes a name; two calls give the same one with a probability of 2^-80. */
    public static Ulid of(long timestampMs, RandomGenerator random) {
        char[] digits = new char[LENGTH];
        long time = timestampMs;
        for (int i = TIME_DIGITS - 1; i >= 0; i--) {
            digits[i] = DIGITS.charAt((int) (time & 31));
            time >>>= 5;
        }
        for (int i = TIME_DIGITS; i < LENGTH; i++) {
            digits[i] = DIGITS.charAt(random.nextInt(32));
        }
        return new Ulid(new String(digits));
    }

    /** When the name was made. */
    public long timestampMs() {
        long time = 0;
        for (int i = 0; i < TIME_DIGITS; i++) {
            time = time << 5 | DIGITS.indexOf(text.charAt(i));
        }
        return time;
    }

    @Override
    public int compareTo(Ulid other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
