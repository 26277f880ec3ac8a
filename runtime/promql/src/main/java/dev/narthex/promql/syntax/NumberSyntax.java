// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.syntax;

import dev.narthex.model.PromDuration;
import java.math.BigInteger;

/** Numbers and durations as a query writes them. */
final class NumberSyntax {
    private static final String[] UNITS = {"y", "w", "d", "h", "m", "s", "ms"};

    private NumberSyntax() {}

    /** A number or duration is not well-formed or too large. */
    static final class BadNumberException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        BadNumberException(String message) {
            super(message);
        }
    }

    /** Where the number that starts at an index ends, or -1 where there is none that ends with a word. */
    static int endOfNumber(String text, int start) {
        int at = start;
        if (isHex(text, start)) {
            at = digits(text, start + 2, 16, true);
        } else {
            at = digits(text, start, 10, false);
            if (at < text.length() && text.charAt(at) == '.') {
                at = digits(text, at + 1, 10, false);
                if (at == start + 1) {
                    return -1; // a dot alone
                }
            }
            if (at < text.length() && (text.charAt(at) | 0x20) == 'e') {
                int exponent = at + 1;
                if (exponent < text.length() && (text.charAt(exponent) == '+' || text.charAt(exponent) == '-')) {
                    exponent++;
                }
                at = digits(text, exponent, 10, false);
                if (at == exponent) {
                    return -1;
                }
            }
        }
        return at < text.length() && isWord(text.charAt(at)) ? -1 : at;
    }

    /** Where the duration that starts at an index ends, or -1 where there is none that ends with a word. */
    static int endOfDuration(String text, int start) {
        int at = start;
        while (at < text.length() && isDigit(text.charAt(at))) {
            at = digits(text, at, 10, false);
            int unit = unit(text, at);
            if (unit < 0) {
                return -1;
            }
            at += UNITS[unit].length();
        }
        return at == start || (at < text.length() && isWord(text.charAt(at))) ? -1 : at;
    }

    /** How much of a malformed number a message shows. */
    static int endOfMalformed(String text, int start) {
        int at = start;
        while (at < text.length() && (isWord(text.charAt(at)) || text.charAt(at) == '.')) {
            at++;
        }
        return at;
    }

    /** The value of a well-formed number: hexadecimal, octal with a leading 0, or decimal. */
    static double number(String written) {
        String text = written.replace("_", "");
        if (isHex(text, 0)) {
            return integer(text, text.substring(2), 16);
        }
        if (text.length() > 1 && text.charAt(0) == '0' && text.chars().allMatch(c -> c >= '0' && c <= '7')) {
            return integer(text, text, 8);
        }
        double value = Double.parseDouble(text);
        if (Double.isInfinite(value)) {
            throw new BadNumberException(
                    "error parsing number: strconv.ParseFloat: parsing \"" + text + "\": value out of range");
        }
        return value;
    }

    private static double integer(String text, String digits, int radix) {
        if (!digits.isEmpty()) {
            BigInteger value = new BigInteger(digits, radix);
            if (value.bitLength() < Long.SIZE) {
                return value.longValue();
            }
            if (radix == 8) {
                return Double.parseDouble(text);
            }
        }
        throw new BadNumberException(
                "error parsing number: strconv.ParseFloat: parsing \"" + text + "\": invalid syntax");
    }

    /** The value in seconds of a well-formed duration: units from long to short, each at most once. */
    static double durationSeconds(String written) {
        try {
            return PromDuration.parse(written) / 1000.0;
        } catch (IllegalArgumentException e) {
            throw new BadNumberException(String.valueOf(e.getMessage()));
        }
    }

    private static int unit(String text, int at) {
        if (text.startsWith("ms", at)) {
            return UNITS.length - 1;
        }
        for (int i = 0; i < UNITS.length - 1; i++) {
            if (text.startsWith(UNITS[i], at)) {
                return i;
            }
        }
        return -1;
    }

    /** Goes over digits with single underscores between them. */
    private static int digits(String text, int start, int radix, boolean leadingUnderscore) {
        int at = start;
        while (at < text.length()) {
            if (isDigit(text, at, radix)) {
                at++;
            } else if (text.charAt(at) == '_' && (at > start || leadingUnderscore) && isDigit(text, at + 1, radix)) {
                at += 2;
            } else {
                break;
            }
        }
        return at;
    }

    private static boolean isHex(String text, int at) {
        return at + 1 < text.length() && text.charAt(at) == '0' && (text.charAt(at + 1) | 0x20) == 'x';
    }

    private static boolean isDigit(String text, int at, int radix) {
        return at < text.length() && text.charAt(at) < 0x80 && Character.digit(text.charAt(at), radix) >= 0;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    static boolean isWord(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || isDigit(c) || c == '_';
    }
}
