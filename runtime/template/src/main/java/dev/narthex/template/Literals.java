// SPDX-License-Identifier: Apache-2.0
package dev.narthex.template;

import dev.narthex.model.GoFloat;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Constants of Go's syntax (Go specification, "Lexical elements"). */
final class Literals {
    private static final String ESCAPES = "abfnrtv\\";
    private static final String ESCAPED = "\u0007\b\f\n\r\t\u000b\\";

    private Literals() {}

    /** The value of a number: a {@link Long} where it is whole and fits, otherwise a {@link Double}; null if none. */
    static @Nullable Number number(String text) {
        try {
            return integer(text).longValueExact();
        } catch (NumberFormatException _) {
            return floatingPoint(text);
        } catch (ArithmeticException _) {
            return floatingPoint(text);
        }
    }

    /** The value of a number that ends with an {@code i}, with or without another part before; null if none. */
    static @Nullable GoComplex complex(String text) {
        String parts = text.substring(0, text.length() - 1);
        int split = parts.length() - 1;
        while (split > 0 && !isSignOfPart(parts, split)) {
            split--;
        }
        Double real = split <= 0 ? Double.valueOf(0) : floatingPoint(parts.substring(0, split));
        boolean based = split <= 0 && parts.matches("[-+]?0[xXbBoO].*");
        Double imaginary = based ? null : floatingPoint(split <= 0 ? parts.replace("_", "") : parts.substring(split));
        return real == null || imaginary == null ? null : new GoComplex(real, imaginary);
    }

    private static boolean isSignOfPart(String text, int at) {
        char before = text.charAt(at - 1);
        boolean hexadecimal = text.startsWith("0x") || text.startsWith("0X") || text.lastIndexOf("0x", at) >= 0;
        boolean exponent = before == 'p' || before == 'P' || (!hexadecimal && (before == 'e' || before == 'E'));
        return (text.charAt(at) == '+' || text.charAt(at) == '-') && !exponent;
    }

    /** Whether a number is written as one with a fraction or an exponent. */
    static boolean isFloatingPoint(String text) {
        boolean hexadecimal = text.contains("0x") || text.contains("0X");
        return text.chars().anyMatch(c -> (hexadecimal ? ".pP" : ".eE").indexOf(c) >= 0);
    }

    private static @Nullable Double floatingPoint(String text) {
        try {
            return GoFloat.parse(text);
        } catch (NumberFormatException _) {
            return null;
        }
    }

    private static BigInteger integer(String text) {
        boolean negative = text.startsWith("-");
        String digits = negative || text.startsWith("+") ? text.substring(1) : text;
        int radix = 10;
        int prefix = 0;
        if (digits.length() > 1 && digits.charAt(0) == '0') {
            radix = switch (digits.charAt(1) | 0x20) {
                case 'x' -> 16;
                case 'b' -> 2;
                default -> 8;
            };
            prefix = (digits.charAt(1) | 0x20) == 'o' || radix != 8 ? 2 : 1;
        }
        String plain = digits.substring(prefix);
        boolean badUnderscore = plain.endsWith("_") || plain.contains("__") || (prefix == 0 && plain.startsWith("_"));
        String bare = plain.replace("_", "");
        if (badUnderscore || bare.isEmpty() || bare.startsWith("-") || bare.startsWith("+")) {
            throw new NumberFormatException(text);
        }
        BigInteger value = new BigInteger(bare, radix);
        return negative ? value.negate() : value;
    }

    /**
     * The value of a string in double quotes or a character in single quotes.
     *
     * @throws IllegalArgumentException when an escape is none of Go's
     */
    static String unquote(String quoted) {
        char quote = quoted.charAt(0);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int end = quoted.length() - 1;
        int at = 1;
        while (at < end) {
            int codePoint = quoted.codePointAt(at);
            at += Character.charCount(codePoint);
            if (codePoint != '\\') {
                bytes.writeBytes(Character.toString(codePoint).getBytes(StandardCharsets.UTF_8));
                continue;
            }
            at = escape(quoted, at, end, quote, bytes);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static int escape(String quoted, int at, int end, char quote, ByteArrayOutputStream bytes) {
        char c = quoted.charAt(at);
        int simple = ESCAPES.indexOf(c);
        if (simple >= 0 || c == quote) {
            bytes.write(simple >= 0 ? ESCAPED.charAt(simple) : c);
            return at + 1;
        }
        int digits = switch (c) {
            case 'x' -> 2;
            case 'u' -> 4;
            case 'U' -> 8;
            default -> 0;
        };
        int start = digits == 0 ? at : at + 1;
        int stop = start + (digits == 0 ? 3 : digits);
        if (stop > end) {
            throw new IllegalArgumentException("invalid syntax");
        }
        int value;
        try {
            value = Integer.parseUnsignedInt(quoted.substring(start, stop), digits == 0 ? 8 : 16);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("invalid syntax", e);
        }
        if (digits == 0 || digits == 2) {
            if (value > 0xff) {
                throw new IllegalArgumentException("invalid syntax");
            }
            bytes.write(value);
        } else {
            boolean surrogate = value >= Character.MIN_SURROGATE && value <= Character.MAX_SURROGATE;
            if (!Character.isValidCodePoint(value) || surrogate) {
                throw new IllegalArgumentException("invalid syntax");
            }
            bytes.writeBytes(Character.toString(value).getBytes(StandardCharsets.UTF_8));
        }
        return stop;
    }
}
