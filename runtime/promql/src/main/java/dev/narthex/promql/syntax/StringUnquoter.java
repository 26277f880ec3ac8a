// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.syntax;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Takes the quotes and the escapes off a string literal (Go specification, "String literals"). A byte that is no UTF-8
 * becomes the lone surrogate U+DC00 + byte, so that such a string is valid as no name.
 */
final class StringUnquoter {
    private static final int MAX_CODE_POINT = 0x10ffff;

    private final String query;
    private final char quote;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private int at;

    private StringUnquoter(String query, int start) {
        this.query = query;
        this.quote = query.charAt(start);
        this.at = start + 1;
    }

    /** What went wrong with an escape. */
    static final class BadEscapeException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        BadEscapeException(String message) {
            super(message);
        }
    }

    /** The meaning of the literal that starts at an index; its end has been found before. */
    static String unquote(String query, int start, int end) {
        if (query.charAt(start) == '`') {
            return query.substring(start + 1, end - 1).replace("\r", "");
        }
        StringUnquoter unquoter = new StringUnquoter(query, start);
        return unquoter.read(end - 1);
    }

    private String read(int closingQuote) {
        while (at < closingQuote) {
            int codePoint = query.codePointAt(at);
            at += Character.charCount(codePoint);
            if (codePoint == '\\') {
                escape();
            } else {
                write(codePoint);
            }
        }
        return decode(bytes.toByteArray());
    }

    private void escape() {
        int letter = query.codePointAt(at);
        at += Character.charCount(letter);
        switch (letter) {
            case 'a' -> bytes.write(7);
            case 'b' -> bytes.write('\b');
            case 'f' -> bytes.write('\f');
            case 'n' -> bytes.write('\n');
            case 'r' -> bytes.write('\r');
            case 't' -> bytes.write('\t');
            case 'v' -> bytes.write(11);
            case '\\' -> bytes.write('\\');
            case 'x' -> bytes.write(digits(2, 16, 0, 0xff));
            case 'u' -> write(codePoint(digits(4, 16, 0, MAX_CODE_POINT)));
            case 'U' -> write(codePoint(digits(8, 16, 0, MAX_CODE_POINT)));
            case '0', '1', '2', '3', '4', '5', '6', '7' -> bytes.write(digits(2, 8, letter - '0', 0xff));
            default -> {
                if (letter != quote) {
                    throw new BadEscapeException("unknown escape sequence " + describe(letter));
                }
                bytes.write(letter);
            }
        }
    }

    private int digits(int count, int radix, int first, int max) {
        long value = first;
        for (int i = 0; i < count; i++) {
            int letter = at < query.length() ? query.codePointAt(at) : -1;
            int digit = letter < 0x80 ? Character.digit(letter, radix) : -1;
            if (digit < 0) {
                throw new BadEscapeException(
                        letter < 0
                                ? "escape sequence not terminated"
                                : "illegal character " + describe(letter) + " in escape sequence");
            }
            value = value * radix + digit;
            at++;
        }
        if (value > max) {
            throw new BadEscapeException("escape sequence is an invalid Unicode code point");
        }
        return (int) value;
    }

    private static int codePoint(int value) {
        if (value >= Character.MIN_SURROGATE && value <= Character.MAX_SURROGATE) {
            throw new BadEscapeException("escape sequence is an invalid Unicode code point");
        }
        return value;
    }

    private static String describe(int codePoint) {
        return String.format(java.util.Locale.ROOT, "U+%04X '%s'", codePoint, Character.toString(codePoint));
    }

    private void write(int codePoint) {
        if (codePoint < 0x80) {
            bytes.write(codePoint);
        } else {
            bytes.writeBytes(Character.toString(codePoint).getBytes(StandardCharsets.UTF_8));
        }
    }

    private static String decode(byte[] utf8) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
        } catch (CharacterCodingException _) {
            return decodeLeniently(utf8);
        }
    }

    private static String decodeLeniently(byte[] utf8) {
        StringBuilder text = new StringBuilder(utf8.length);
        int i = 0;
        while (i < utf8.length) {
            int length = Math.min(sequenceLength(utf8[i]), utf8.length - i);
            try {
                text.append(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8, i, length)));
                i += length;
            } catch (CharacterCodingException _) {
                text.append((char) (0xdc00 + (utf8[i] & 0xff)));
                i++;
            }
        }
        return text.toString();
    }

    private static int sequenceLength(byte first) {
        int bits = first & 0xff;
        if (bits < 0xc0) {
            return 1;
        }
        if (bits < 0xe0) {
            return 2;
        }
        return bits < 0xf0 ? 3 : 4;
    }
}
