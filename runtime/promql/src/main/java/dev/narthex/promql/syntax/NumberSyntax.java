// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.syntax;

import dev.narthex.model.PromDuration;
import dev.narthex.model.QuotedString;
import java.math.BigInteger;
import java.util.Set;

/** Numbers and durations as a query writes them. */
final class NumberSyntax {
    private static final Set<String> UNITS = Set.of("y", "w", "d", "h", "m", "s", "ms");

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
        int at = scanNumber(text, start);
        return at < 0 || (at < text.length() && isWord(text.charAt(at))) ? -1 : at;
    }

    /**
     * Where the duration that starts at an index ends, or -1 where there is none that ends with a word. Its first number
     * may be any, so that {@code 1.5h} is a duration, too, though one without a value.
     */
    static int endOfDuration(String text, int start) {
        int at = scanDuration(text, Math.abs(scanNumber(text, start)));
        return at < 0 || (at < text.length() && isWord(text.charAt(at))) ? -1 : at;
    }

    /** How much of a malformed number a message shows, as Prometheus: as far as it was read. */
    static int endOfMalformed(String text, int start) {
        int end = scanDuration(text, Math.abs(scanNumber(text, start)));
        // Behind units, the character that is none was read.
        return end < 0 ? -end : Math.min(end + 1, text.length());
    }

    /**
     * Reads digits, dots, exponents and underscores between digits. A dot in front is taken as none, so that {@code .5.3}
     * is a number, too, though one without a value.
     *
     * @return where the number ends; less than 0 where it is none, where reading it ended
     */
    private static int scanNumber(String text, int start) {
        boolean hex = isHex(text, start);
        int at = hex ? start + 2 : start + (text.charAt(start) == '.' ? 1 : 0);
        boolean dot = false;
        boolean exponent = false;
        char last = hex ? '0' : '_';
        while (at < text.length()) {
            char c = text.charAt(at);
            boolean fits;
            if (isDigit(text, at, hex ? 16 : 10)) {
                fits = true;
            } else if (c == '_') {
                fits = isDigit(last);
            } else if (c == '.') {
                fits = isDigit(last) && !dot && !hex;
                dot = true;
            } else if ((c | 0x20) == 'e' && !hex) {
                fits = (isDigit(last) || last == '.') && !exponent;
                exponent = true;
            } else if ((c == '+' || c == '-') && (text.charAt(at - 1) | 0x20) == 'e') {
                fits = true; // Behind a hexadecimal e, too, though such a number has no value.
            } else {
                break;
            }
            if (!fits) {
                return -(at + 1);
            }
            last = isDigit(text, at, 16) && (hex || isDigit(c)) ? '0' : c;
            at++;
        }
        return isDigit(last) || last == '.' ? at : -at;
    }

    /**
     * Reads units with numbers between them, behind the first number.
     *
     * @return where the duration ends; less than 0 where a unit is missing, where reading it ended
     */
    private static int scanDuration(String text, int start) {
        int at = start;
        do {
            if (at >= text.length() || "smdwhy".indexOf(text.charAt(at)) < 0) {
                return -at;
            }
            at++;
            if (at < text.length() && text.charAt(at) == 's') {
                at++;
            }
            int unitsEnd = at;
            while (at < text.length() && isDigit(text.charAt(at))) {
                at++;
            }
            if (at == unitsEnd) {
                return at;
            }
        } while (true);
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
        double value;
        try {
            value = Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw invalid(text);
        }
        if (Double.isInfinite(value)) {
            throw new BadNumberException(
                    "error parsing number: strconv.ParseFloat: parsing \"" + text + "\": value out of range");
        }
        return value;
    }

    private static double integer(String text, String digits, int radix) {
        if (!digits.isEmpty() && isDigits(digits, radix)) {
            BigInteger value = new BigInteger(digits, radix);
            if (value.bitLength() < Long.SIZE) {
                return value.longValue();
            }
            if (radix == 8) {
                return Double.parseDouble(text);
            }
        }
        throw invalid(text);
    }

    private static boolean isDigits(String digits, int radix) {
        return digits.chars().allMatch(c -> Character.digit(c, radix) >= 0);
    }

    private static BadNumberException invalid(String text) {
        return new BadNumberException(
                "error parsing number: strconv.ParseFloat: parsing " + QuotedString.of(text) + ": invalid syntax");
    }

    /** The value in seconds of a well-formed duration: units from long to short, each at most once. */
    static double durationSeconds(String written) {
        requireUnits(written);
        try {
            return PromDuration.parse(written) / 1000.0;
        } catch (IllegalArgumentException e) {
            throw new BadNumberException(String.valueOf(e.getMessage()));
        }
    }

    private static void requireUnits(String written) {
        int at = 0;
        while (at < written.length() && isDigit(written.charAt(at))) {
            int unitStart = at;
            while (unitStart < written.length() && isDigit(written.charAt(unitStart))) {
                unitStart++;
            }
            at = unitStart;
            while (at < written.length() && !isDigit(written.charAt(at))) {
                at++;
            }
            String unit = written.substring(unitStart, at);
            if (!UNITS.contains(unit)) {
                throw new BadNumberException(
                        "unknown unit " + QuotedString.of(unit) + " in duration " + QuotedString.of(written));
            }
        }
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
