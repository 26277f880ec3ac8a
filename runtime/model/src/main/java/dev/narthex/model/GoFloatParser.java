// SPDX-License-Identifier: Apache-2.0
package dev.narthex.model;

/**
 * Reads numbers as Go's {@code ParseFloat} does. Checks Go's grammar (Go specification, "Floating-point literals", with
 * an optional sign), of which Java reads a superset, then leaves rounding to {@link Double#parseDouble}, exact in both.
 */
final class GoFloatParser {
    private static final int MAX_EXACT_DIGITS = 15;
    private static final int MAX_EXACT_POWER = 22;
    private static final double[] POWERS_OF_TEN = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22
    };

    private final String text;
    private int at;
    private boolean underscores;

    private GoFloatParser(String text) {
        this.text = text;
    }

    static double parse(String text) {
        return new GoFloatParser(text).parseNumber();
    }

    static double parseExposition(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '_' || c == 'p' || c == 'P') {
                throw new NumberFormatException("unsupported character in float");
            }
        }
        return parse(text);
    }

    private double parseNumber() {
        if (text.isEmpty()) {
            throw syntax();
        }
        char first = text.charAt(0);
        boolean negative = first == '-';
        if (negative || first == '+') {
            at++;
        }
        if (at < text.length() && Character.isLetter(text.charAt(at))) {
            return special(negative);
        }
        if (text.startsWith("0x", at) || text.startsWith("0X", at)) {
            return hexadecimal();
        }
        return decimal(negative);
    }

    private double special(boolean negative) {
        String word = text.substring(at);
        if (word.equalsIgnoreCase("inf") || word.equalsIgnoreCase("infinity")) {
            return negative ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        }
        if (at == 0 && word.equalsIgnoreCase("nan")) {
            return StalenessMarker.NORMAL_NAN;
        }
        throw syntax();
    }

    private double hexadecimal() {
        at += 2;
        int digits = digits(true, true);
        if (at < text.length() && text.charAt(at) == '.') {
            at++;
            digits += digits(true, false);
        }
        if (digits == 0 || at == text.length() || (text.charAt(at) | 0x20) != 'p') {
            throw syntax();
        }
        exponent();
        return inRange(Double.parseDouble(plain()));
    }

    private double decimal(boolean negative) {
        int start = at;
        int digits = digits(false, false);
        int wholeEnd = at;
        int fractionDigits = 0;
        if (at < text.length() && text.charAt(at) == '.') {
            at++;
            fractionDigits = digits(false, false);
        }
        int mantissaEnd = at;
        if (digits + fractionDigits == 0) {
            throw syntax();
        }
        if (at < text.length() && (text.charAt(at) | 0x20) == 'e') {
            exponent();
        }
        if (at < text.length()) {
            throw syntax();
        }
        if (mantissaEnd == at
                && !underscores
                && digits + fractionDigits <= MAX_EXACT_DIGITS
                && fractionDigits <= MAX_EXACT_POWER) {
            return exact(start, wholeEnd, mantissaEnd, fractionDigits, negative);
        }
        return inRange(Double.parseDouble(plain()));
    }

    /** Both the digits and the power of ten are exact doubles, so that one division rounds once. */
    private double exact(int start, int wholeEnd, int end, int fractionDigits, boolean negative) {
        long mantissa = 0;
        for (int i = start; i < end; i++) {
            if (i != wholeEnd) {
                mantissa = 10 * mantissa + (text.charAt(i) - '0');
            }
        }
        double value = mantissa / POWERS_OF_TEN[fractionDigits];
        return negative ? -value : value;
    }

    private void exponent() {
        at++;
        if (at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-')) {
            at++;
        }
        if (digits(false, false) == 0) {
            throw syntax();
        }
        if (at < text.length()) {
            throw syntax();
        }
    }

    /** Passes digits; an underscore must stand between two, or between the prefix of base 16 and a digit. */
    private int digits(boolean hexadecimal, boolean afterPrefix) {
        int count = 0;
        boolean underscoreAllowed = afterPrefix;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '_') {
                if (!underscoreAllowed || at + 1 == text.length() || !isDigit(text.charAt(at + 1), hexadecimal)) {
                    throw syntax();
                }
                underscores = true;
            } else if (isDigit(c, hexadecimal)) {
                count++;
            } else {
                break;
            }
            underscoreAllowed = c != '_';
            at++;
        }
        return count;
    }

    private static boolean isDigit(char c, boolean hexadecimal) {
        return (c >= '0' && c <= '9') || (hexadecimal && (c | 0x20) >= 'a' && (c | 0x20) <= 'f');
    }

    private String plain() {
        return underscores ? text.replace("_", "") : text;
    }

    private double inRange(double value) {
        if (Double.isInfinite(value)) {
            throw new NumberFormatException(
                    "strconv.ParseFloat: parsing " + QuotedString.of(text) + ": value out of range");
        }
        return value;
    }

    private NumberFormatException syntax() {
        return new NumberFormatException("strconv.ParseFloat: parsing " + QuotedString.of(text) + ": invalid syntax");
    }
}
