// SPDX-License-Identifier: Apache-2.0
package dev.narthex.model;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;

/**
 * Points in time as Prometheus' HTTP API takes and prints them: decimal seconds since 1970 or RFC 3339. Inside, a
 * timestamp is a {@code long} of milliseconds since 1970.
 */
public final class Timestamps {
    /** The earliest time of Prometheus' API, which a client may ask for in the text {@link #MIN_TEXT}. */
    public static final long MIN_MS = (Long.MIN_VALUE / 1000 + 62_135_596_801L) * 1000;

    /** The latest time of Prometheus' API, which a client may ask for in the text {@link #MAX_TEXT}. */
    public static final long MAX_MS = (Long.MAX_VALUE / 1000 - 62_135_596_801L) * 1000 + 999;

    /** No {@link #write} needs more bytes. */
    public static final int MAX_LENGTH = 24;

    private static final String MIN_TEXT = "-292273086-05-16T16:47:06Z";
    private static final String MAX_TEXT = "292277025-08-18T07:12:54.999999999Z";
    private static final long SECONDS_A_DAY = 86_400;
    // Go's bounds: more than there are, and 24 and 60 themselves count.
    private static final int MAX_OFFSET_HOURS = 24;
    private static final int MAX_OFFSET_MINUTES = 60;
    private static final double MAX_SECONDS = MAX_MS / 1000.0;

    private Timestamps() {}

    /**
     * Reads a time parameter of the HTTP API: seconds with any fraction, rounded to milliseconds, or RFC 3339.
     *
     * @return milliseconds since 1970
     * @throws IllegalArgumentException with Prometheus' words; also for numbers beyond the range of its API, of which
     *     Prometheus makes an arbitrary time
     */
    public static long parse(String text) {
        if (text.equals(MIN_TEXT)) {
            return MIN_MS;
        }
        if (text.equals(MAX_TEXT)) {
            return MAX_MS;
        }
        try {
            double seconds = GoFloat.parse(text);
            if (Math.abs(seconds) <= MAX_SECONDS) {
                double whole = seconds < 0 ? Math.ceil(seconds) : Math.floor(seconds);
                return ((long) whole) * 1000 + roundHalfAway((seconds - whole) * 1000);
            }
        } catch (NumberFormatException _) {
            // Not a number: RFC 3339 is left.
        }
        try {
            return parseRfc3339(text);
        } catch (DateTimeException | IndexOutOfBoundsException | NumberFormatException e) {
            throw new IllegalArgumentException("cannot parse " + QuotedString.of(text) + " to a valid timestamp", e);
        }
    }

    /**
     * Reads a duration parameter of the HTTP API ({@code step}, {@code timeout}): seconds with any fraction or a
     * Prometheus duration.
     *
     * @return milliseconds
     * @throws IllegalArgumentException with Prometheus' words
     */
    public static long parseDuration(String text) {
        return parseDurationNanos(text) / 1_000_000;
    }

    /** The same in nanoseconds; a duration with units that is longer than a long holds has as many as one holds. */
    public static long parseDurationNanos(String text) {
        try {
            double nanos = GoFloat.parse(text) * 1e9;
            if (nanos > Long.MAX_VALUE || nanos < Long.MIN_VALUE) {
                throw new IllegalArgumentException(
                        "cannot parse " + QuotedString.of(text) + " to a valid duration. It overflows int64");
            }
            return (long) nanos;
        } catch (NumberFormatException _) {
            // Not a number: a duration with units is left.
        }
        try {
            return Math.multiplyExact(PromDuration.parse(text), 1_000_000L);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("cannot parse " + QuotedString.of(text) + " to a valid duration", e);
        }
    }

    /** Decimal seconds, with three digits after the point unless they are all zero: {@code 1435781451.780}. */
    public static String format(long timestampMs) {
        byte[] text = new byte[MAX_LENGTH];
        return new String(text, 0, write(timestampMs, text, 0), StandardCharsets.ISO_8859_1);
    }

    /**
     * Writes the form of {@link #format} as ASCII; allocates nothing.
     *
     * @param into has at least {@link #MAX_LENGTH} bytes from {@code at} on
     * @return the position after the last byte written
     */
    public static int write(long timestampMs, byte[] into, int at) {
        int to = at;
        if (timestampMs < 0) {
            into[to++] = '-';
        }
        // The quotient of the smallest long fits when negated, the long itself does not.
        long seconds = Math.abs(timestampMs / 1000);
        int fraction = (int) Math.abs(timestampMs % 1000);
        int end = to + 1;
        for (long rest = seconds; rest >= 10; rest /= 10) {
            end++;
        }
        long rest = seconds;
        for (int i = end - 1; i >= to; i--) {
            into[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        if (fraction != 0) {
            into[end++] = '.';
            into[end++] = (byte) ('0' + fraction / 100);
            into[end++] = (byte) ('0' + fraction / 10 % 10);
            into[end++] = (byte) ('0' + fraction % 10);
        }
        return end;
    }

    private static long roundHalfAway(double value) {
        return value < 0 ? -Math.round(-value) : Math.round(value);
    }

    /** {@code 2015-07-01T20:10:51.781Z}: capital letters only, a comma may stand for the point, as in Go. */
    private static long parseRfc3339(String text) {
        LocalDate date = LocalDate.of(number(text, 0, 4), number(text, 5, 7), number(text, 8, 10));
        expect(text, 4, "-");
        expect(text, 7, "-");
        expect(text, 10, "T");
        // Go takes hours of one digit.
        int hourEnd = text.charAt(12) == ':' ? 12 : 13;
        expect(text, hourEnd, ":");
        expect(text, hourEnd + 3, ":");
        LocalTime time = LocalTime.of(
                number(text, 11, hourEnd),
                number(text, hourEnd + 1, hourEnd + 3),
                number(text, hourEnd + 4, hourEnd + 6));
        int at = hourEnd + 6;
        int millis = 0;
        boolean isLonger = false;
        if (text.charAt(at) == '.' || text.charAt(at) == ',') {
            int end = at + 1;
            while (isDigit(text.charAt(end))) {
                end++;
            }
            String digits = text.substring(at + 1, end);
            millis = number((digits + "00").substring(0, 3), 0, 3);
            isLonger = !digits.substring(Math.min(3, digits.length())).chars().allMatch(digit -> digit == '0');
            at = end;
        }
        long floorMs =
                (date.toEpochDay() * SECONDS_A_DAY + time.toSecondOfDay() - offsetSeconds(text, at)) * 1000 + millis;
        // Parts of a millisecond are cut off, toward 1970.
        return floorMs < 0 && isLonger ? floorMs + 1 : floorMs;
    }

    private static int offsetSeconds(String text, int at) {
        if (text.startsWith("Z", at) && text.length() == at + 1) {
            return 0;
        }
        if (text.length() != at + 6) {
            throw new DateTimeException("zone");
        }
        expect(text, at, "+-");
        expect(text, at + 3, ":");
        int hours = number(text, at + 1, at + 3);
        int minutes = number(text, at + 4, at + 6);
        if (hours > MAX_OFFSET_HOURS || minutes > MAX_OFFSET_MINUTES) {
            throw new DateTimeException("zone");
        }
        int seconds = hours * 3600 + minutes * 60;
        return text.charAt(at) == '-' ? -seconds : seconds;
    }

    private static int number(String text, int from, int to) {
        int value = 0;
        for (int i = from; i < to; i++) {
            if (!isDigit(text.charAt(i))) {
                throw new DateTimeException("digit");
            }
            value = 10 * value + text.charAt(i) - '0';
        }
        return value;
    }

    private static void expect(String text, int at, String anyOf) {
        if (anyOf.indexOf(text.charAt(at)) < 0) {
            throw new DateTimeException("separator");
        }
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
