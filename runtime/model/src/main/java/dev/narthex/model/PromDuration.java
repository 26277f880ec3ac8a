// SPDX-License-Identifier: Apache-2.0
package dev.narthex.model;

/**
 * Durations as Prometheus writes them: whole numbers with units, largest unit first, each unit at most once
 * ({@code 1h30m}). A day has 24 hours, a week 7 days, a year 365 days (Prometheus documentation, "Querying basics",
 * "Float literals and time durations").
 */
public final class PromDuration {
    private static final String[] UNITS = {"y", "w", "d", "h", "m", "s", "ms"};
    private static final long[] UNIT_MS = {
        365L * 86_400_000, 7L * 86_400_000, 86_400_000, 3_600_000, 60_000, 1_000, 1,
    };

    /** Prometheus holds a duration in 63 bits of nanoseconds. */
    private static final long MAX_MS = Long.MAX_VALUE / 1_000_000;

    private PromDuration() {}

    /**
     * Reads a duration that is not negative; {@code 0} needs no unit.
     *
     * @return milliseconds
     * @throws IllegalArgumentException with Prometheus' words
     */
    public static long parse(String text) {
        if (text.equals("0")) {
            return 0;
        }
        if (text.isEmpty()) {
            throw new IllegalArgumentException("empty duration string");
        }
        long totalMs = 0;
        int nextUnit = 0;
        int at = 0;
        while (at < text.length()) {
            int digitsEnd = at;
            while (digitsEnd < text.length() && text.charAt(digitsEnd) >= '0' && text.charAt(digitsEnd) <= '9') {
                digitsEnd++;
            }
            int unit = unitAt(text, digitsEnd);
            if (digitsEnd == at || unit < nextUnit) {
                throw new IllegalArgumentException("not a valid duration string: " + QuotedString.of(text));
            }
            totalMs = add(totalMs, text.substring(at, digitsEnd), UNIT_MS[unit]);
            nextUnit = unit + 1;
            at = digitsEnd + UNITS[unit].length();
        }
        return totalMs;
    }

    /**
     * As {@link #parse}, with a minus sign allowed in front.
     *
     * @return milliseconds
     * @throws IllegalArgumentException with Prometheus' words
     */
    public static long parseAllowNegative(String text) {
        return text.startsWith("-") ? -parse(text.substring(1)) : parse(text);
    }

    /**
     * Writes a duration as Prometheus does: years and weeks only where nothing smaller is left over, {@code 0s} for
     * none.
     *
     * @param durationMs milliseconds; negative gets a minus sign
     */
    public static String format(long durationMs) {
        if (durationMs == 0) {
            return "0s";
        }
        StringBuilder text = new StringBuilder();
        if (durationMs < 0) {
            text.append('-');
        }
        long restMs = Math.absExact(durationMs);
        for (int unit = 0; unit < UNITS.length; unit++) {
            boolean onlyWhole = unit < 2;
            if (restMs < UNIT_MS[unit] || (onlyWhole && restMs % UNIT_MS[unit] != 0)) {
                continue;
            }
            text.append(restMs / UNIT_MS[unit]).append(UNITS[unit]);
            restMs %= UNIT_MS[unit];
        }
        return text.toString();
    }

    /** The unit that stands at a position, or -1; milliseconds are tried before minutes. */
    private static int unitAt(String text, int at) {
        for (int unit = UNITS.length - 1; unit >= 0; unit--) {
            if (text.startsWith(UNITS[unit], at)) {
                return unit;
            }
        }
        return -1;
    }

    private static long add(long totalMs, String digits, long unitMs) {
        try {
            long sumMs = Math.addExact(totalMs, Math.multiplyExact(Long.parseLong(digits), unitMs));
            if (sumMs <= MAX_MS) {
                return sumMs;
            }
        } catch (ArithmeticException | NumberFormatException _) {
            // Too large for 64 bits: refused below like what is too large for Prometheus.
        }
        throw new IllegalArgumentException("duration out of range");
    }
}
