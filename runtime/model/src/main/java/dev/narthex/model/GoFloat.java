// SPDX-License-Identifier: Apache-2.0
package dev.narthex.model;

import java.nio.charset.StandardCharsets;

/**
 * Numbers as Go, and so Prometheus, prints them. Java's own text of a double differs from it in almost every form.
 *
 * <p>Which form stands where in Prometheus 3:
 *
 * <ul>
 *   <li>{@link #json}: sample values of vectors and matrices in the HTTP API ({@code "9.9e-07"},
 *       {@code "123456789012345680000"}, {@code "1e+21"});
 *   <li>{@link #fixed}: the value of a scalar in the HTTP API, numbers in PromQL's printer, labels made by
 *       {@code count_values};
 *   <li>{@link #general}: the text exposition format, except that it shows minus zero as {@code 0}
 *       ({@link #writeExposition}), and numbers that a template prints ({@code "1e+06"});
 *   <li>{@link #scientific}: values of alerts in the HTTP API.
 * </ul>
 *
 * <p>All give the fewest digits that read back as the same double. Infinity is {@code +Inf} and {@code -Inf}, any
 * not-a-number is {@code NaN}, and zero keeps its sign. The {@code write} methods allocate nothing.
 */
public final class GoFloat {
    /** No {@link #writeFixed} needs more bytes. */
    public static final int MAX_FIXED_LENGTH = 344;

    /** No {@link #writeGeneral} or {@link #writeJson} needs more bytes. */
    public static final int MAX_SHORT_LENGTH = 32;

    private static final double EXACT_INTEGERS = 0x1p53;

    private GoFloat() {}

    /** Without an exponent, however long that gets: Go's {@code FormatFloat(v, 'f', -1, 64)}. */
    public static String fixed(double value) {
        byte[] text = new byte[MAX_FIXED_LENGTH];
        return text(text, writeFixed(value, text, 0));
    }

    /** With an exponent below 1e-4 and from 1e6 on: Go's {@code FormatFloat(v, 'g', -1, 64)}. */
    public static String general(double value) {
        byte[] text = new byte[MAX_SHORT_LENGTH];
        return text(text, writeGeneral(value, text, 0));
    }

    /** With an exponent below 1e-6 and from 1e21 on: sample values in the HTTP API's JSON. */
    public static String json(double value) {
        byte[] text = new byte[MAX_SHORT_LENGTH];
        return text(text, writeJson(value, text, 0));
    }

    /** Always with an exponent: Go's {@code FormatFloat(v, 'e', -1, 64)}, values of alerts in the HTTP API. */
    public static String scientific(double value) {
        byte[] text = new byte[MAX_SHORT_LENGTH];
        return text(text, write(value, text, 0, Integer.MAX_VALUE, Integer.MIN_VALUE));
    }

    /**
     * Writes the form of {@link #fixed} as ASCII.
     *
     * @param into has at least {@link #MAX_FIXED_LENGTH} bytes from {@code at} on
     * @return the position after the last byte written
     */
    public static int writeFixed(double value, byte[] into, int at) {
        return write(value, into, at, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    /**
     * Writes the form of {@link #general} as ASCII.
     *
     * @param into has at least {@link #MAX_SHORT_LENGTH} bytes from {@code at} on
     * @return the position after the last byte written
     */
    public static int writeGeneral(double value, byte[] into, int at) {
        return write(value, into, at, -4, 6);
    }

    /**
     * Writes the form of the text exposition format as ASCII: that of {@link #general}, but zero never has a sign.
     *
     * @param into has at least {@link #MAX_SHORT_LENGTH} bytes from {@code at} on
     * @return the position after the last byte written
     */
    public static int writeExposition(double value, byte[] into, int at) {
        return writeGeneral(value == 0 ? 0.0 : value, into, at);
    }

    /**
     * Writes the form of {@link #json} as ASCII.
     *
     * @param into has at least {@link #MAX_SHORT_LENGTH} bytes from {@code at} on
     * @return the position after the last byte written
     */
    public static int writeJson(double value, byte[] into, int at) {
        return write(value, into, at, -6, 21);
    }

    private static String text(byte[] ascii, int length) {
        return new String(ascii, 0, length, StandardCharsets.ISO_8859_1);
    }

    /** Writes without an exponent where the exponent is in {@code [minPlain, maxPlain)}, otherwise with one. */
    private static int write(double value, byte[] into, int at, int minPlain, int maxPlain) {
        if (Double.isNaN(value)) {
            return writeAscii("NaN", into, at);
        }
        int to = at;
        if (Double.doubleToRawLongBits(value) < 0) {
            into[to++] = '-';
        }
        double magnitude = Math.abs(value);
        if (magnitude == Double.POSITIVE_INFINITY) {
            return writeAscii(value > 0 ? "+Inf" : "-Inf", into, at);
        }
        if (magnitude == 0) {
            into[to++] = '0';
            return minPlain == Integer.MAX_VALUE ? writeAscii("e+00", into, to) : to;
        }
        long digits;
        int power;
        if (magnitude < EXACT_INTEGERS && magnitude == (double) (long) magnitude) {
            digits = (long) magnitude;
            power = 0;
        } else {
            power = ShortestDecimal.exponent(magnitude);
            digits = ShortestDecimal.significand(magnitude, power);
        }
        while (digits % 10_000 == 0) {
            digits /= 10_000;
            power += 4;
        }
        while (digits % 10 == 0) {
            digits /= 10;
            power++;
        }
        int count = DecimalDigits.count(digits);
        int exponent = power + count - 1;
        return exponent >= minPlain && exponent < maxPlain
                ? writePlain(digits, count, power, into, to)
                : writeScientific(digits, count, exponent, into, to);
    }

    private static int writePlain(long digits, int count, int power, byte[] into, int at) {
        if (power >= 0) {
            DecimalDigits.write(digits, count, into, at);
            return writeZeros(power, into, at + count);
        }
        int whole = count + power;
        if (whole <= 0) {
            into[at] = '0';
            into[at + 1] = '.';
            int to = writeZeros(-whole, into, at + 2);
            DecimalDigits.write(digits, count, into, to);
            return to + count;
        }
        DecimalDigits.write(digits, count, into, at + 1);
        System.arraycopy(into, at + 1, into, at, whole);
        into[at + whole] = '.';
        return at + count + 1;
    }

    private static int writeScientific(long digits, int count, int exponent, byte[] into, int at) {
        int to = at;
        DecimalDigits.write(digits, count, into, to + 1);
        into[to] = into[to + 1];
        if (count > 1) {
            into[to + 1] = '.';
            to += count + 1;
        } else {
            to++;
        }
        into[to++] = 'e';
        into[to++] = (byte) (exponent < 0 ? '-' : '+');
        int magnitude = Math.abs(exponent);
        if (magnitude >= 100) {
            into[to++] = (byte) ('0' + magnitude / 100);
        }
        into[to++] = (byte) ('0' + magnitude / 10 % 10);
        into[to++] = (byte) ('0' + magnitude % 10);
        return to;
    }

    private static int writeZeros(int count, byte[] into, int at) {
        for (int i = at; i < at + count; i++) {
            into[i] = '0';
        }
        return at + count;
    }

    private static int writeAscii(String text, byte[] into, int at) {
        for (int i = 0; i < text.length(); i++) {
            into[at + i] = (byte) text.charAt(i);
        }
        return at + text.length();
    }

    /**
     * Reads a number as Go's {@code ParseFloat(text, 64)}: decimal or hexadecimal with a {@code p} exponent, underscores
     * between digits, {@code Inf}, {@code Infinity} and {@code NaN} in any case (a sign only before the infinities),
     * nothing around it; rounded to the nearest double.
     *
     * @throws NumberFormatException with Go's words, also where the number is beyond the largest double
     */
    public static double parse(String text) {
        return GoFloatParser.parse(text);
    }

    /**
     * As {@link #parse}, for the text formats of exposition: without hexadecimal numbers and underscores, which
     * Prometheus refuses there.
     *
     * @throws NumberFormatException with Go's words
     */
    public static double parseExposition(String text) {
        return GoFloatParser.parseExposition(text);
    }
}
