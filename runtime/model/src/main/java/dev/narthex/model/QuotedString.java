// SPDX-License-Identifier: Apache-2.0
package dev.narthex.model;

import java.util.HexFormat;

/** Strings in double quotes as Go's {@code strconv.Quote} writes them (Go specification, "String literals"). */
public final class QuotedString {
    private static final HexFormat HEX = HexFormat.of();

    private QuotedString() {}

    public static String of(String text) {
        StringBuilder out = new StringBuilder(text.length() + 2);
        append(out, text);
        return out.toString();
    }

    /** Appends the text in quotes, with Go's escapes for quotes, backslashes and what is not printable. */
    public static void append(StringBuilder out, String text) {
        out.append('"');
        int codePoint;
        for (int i = 0; i < text.length(); i += Character.charCount(codePoint)) {
            codePoint = text.codePointAt(i);
            switch (codePoint) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case 0x07 -> out.append("\\a");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case 0x0b -> out.append("\\v");
                default -> appendCodePoint(out, codePoint);
            }
        }
        out.append('"');
    }

    private static void appendCodePoint(StringBuilder out, int codePoint) {
        if (codePoint >= 0xdc80 && codePoint <= 0xdcff) {
            // A byte that is no UTF-8, as PromQL's strings keep it.
            out.append("\\x").append(HEX.toHexDigits((byte) codePoint));
        } else if (codePoint < 0x20 || codePoint == 0x7f) {
            out.append("\\x").append(HEX.toHexDigits((byte) codePoint));
        } else if (isPrintable(codePoint)) {
            out.appendCodePoint(codePoint);
        } else if (codePoint <= 0xffff) {
            out.append("\\u").append(HEX.toHexDigits((char) codePoint));
        } else {
            out.append("\\U").append(HEX.toHexDigits(codePoint));
        }
    }

    /** Whether Go shows a character as it is: letters, marks, numbers, punctuation, symbols and the blank (strconv.IsPrint). */
    public static boolean isPrintable(int codePoint) {
        if (codePoint == ' ') {
            return true;
        }
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.SPACE_SEPARATOR,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
