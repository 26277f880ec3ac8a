// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.file;

/**
 * Sizes in bytes as Prometheus' files write them: numbers with units, {@code 1GB512MB}, {@code 1.5MiB}. A unit is a
 * power of 1024 with or without the {@code i}; {@code 0} needs none. 8EiB, which no long holds, are one byte less.
 */
public final class ByteSize {
    private static final String PREFIXES = "KMGTPE";

    private ByteSize() {}

    /**
     * Reads a size.
     *
     * @throws IllegalArgumentException saying what is wrong with it
     */
    public static long parse(String text) {
        int at = 0;
        int sign = 1;
        if (!text.isEmpty() && (text.charAt(0) == '-' || text.charAt(0) == '+')) {
            sign = text.charAt(0) == '-' ? -1 : 1;
            at = 1;
        }
        if (text.substring(at).equals("0")) {
            return 0;
        }
        if (at == text.length()) {
            throw new IllegalArgumentException("which is empty");
        }
        double total = 0;
        while (at < text.length()) {
            int numberEnd = at;
            while (numberEnd < text.length() && isNumeric(text.charAt(numberEnd))) {
                numberEnd++;
            }
            int unitEnd = numberEnd;
            while (unitEnd < text.length() && !isNumeric(text.charAt(unitEnd))) {
                unitEnd++;
            }
            total += number(text.substring(at, numberEnd)) * unit(text.substring(numberEnd, unitEnd));
            if (total > 0x1p63) {
                throw new IllegalArgumentException("which is more than 8EiB");
            }
            at = unitEnd;
        }
        return sign * (long) total;
    }

    /** Writes a size with the largest units first: {@code 1GiB512MiB}. */
    public static String format(long bytes) {
        if (bytes == 0) {
            return "0B";
        }
        StringBuilder text = new StringBuilder(bytes < 0 ? "-" : "");
        long rest = Math.abs(bytes);
        for (int power = PREFIXES.length(); power >= 0; power--) {
            long unit = 1L << (10 * power);
            if (rest >= unit) {
                text.append(rest / unit).append(power == 0 ? "B" : PREFIXES.charAt(power - 1) + "iB");
                rest %= unit;
            }
        }
        return text.toString();
    }

    private static boolean isNumeric(char c) {
        return c == '.' || (c >= '0' && c <= '9');
    }

    private static double number(String digits) {
        if (digits.isEmpty() || digits.equals(".") || digits.indexOf('.') != digits.lastIndexOf('.')) {
            throw new IllegalArgumentException("which does not begin with a number");
        }
        return Double.parseDouble(digits);
    }

    private static double unit(String unit) {
        if (unit.equals("B")) {
            return 1;
        }
        int power = unit.isEmpty() ? -1 : PREFIXES.indexOf(unit.charAt(0));
        if (power < 0 || !(unit.substring(1).equals("B") || unit.substring(1).equals("iB"))) {
            throw new IllegalArgumentException("unit \"" + unit + "\" is not known");
        }
        return Math.pow(1024, power + 1.0);
    }
}
