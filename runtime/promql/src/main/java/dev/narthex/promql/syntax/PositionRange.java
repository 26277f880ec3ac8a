// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.syntax;

/**
 * Where a piece of a query stands in its text.
 *
 * @param start the index of its first character (UTF-16), counted from 0
 * @param end the index behind its last character
 */
public record PositionRange(int start, int end) {
    public PositionRange {
        if (start < 0 || end < start) {
            throw new IllegalArgumentException("position range: " + start + " to " + end + " is no range");
        }
    }

    /** The range from the start of this one to the end of another. */
    public PositionRange to(PositionRange other) {
        return new PositionRange(start, Math.max(start, other.end));
    }

    /**
     * The place as Prometheus shows it, {@code line:column}, both counted from 1 and columns in bytes of UTF-8.
     *
     * @param query the text that the range is of
     */
    public String lineAndColumn(String query) {
        int line = 1;
        int column = 1;
        int end = Math.min(start, query.length());
        int codePoint;
        for (int i = 0; i < end; i += Character.charCount(codePoint)) {
            codePoint = query.codePointAt(i);
            if (codePoint == '\n') {
                line++;
                column = 1;
            } else {
                column += utf8Length(codePoint);
            }
        }
        // Behind the end the column goes on: some messages point there.
        return line + ":" + (column + (start - end));
    }

    private static int utf8Length(int codePoint) {
        if (codePoint < 0x80) {
            return 1;
        }
        if (codePoint < 0x800) {
            return 2;
        }
        return codePoint < 0x10000 ? 3 : 4;
    }
}
