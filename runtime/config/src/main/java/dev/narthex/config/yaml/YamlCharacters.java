// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.yaml;

import java.util.Locale;

/** The characters of a YAML text, read once from the beginning to the end. */
final class YamlCharacters {
    /** What is read at the end. */
    static final int END = 0;

    /** As many bytes are read and looked at in one go, so that what is wrong far behind a document does not matter. */
    private static final int CHUNK_BYTES = 512;

    private final int[] text;
    /** From here on nothing may be read; the length where all of it is good. */
    private final int refusedFrom;

    private final int refused;

    private int index;
    private int line;
    private int column;

    YamlCharacters(String text) {
        String readable = text.startsWith("\ufeff") ? text.substring(1) : text;
        this.text = readable.codePoints().toArray();
        int bad = 0;
        long offset = 0;
        int chunk = 0;
        long chunkEnd = CHUNK_BYTES;
        // Behind a second mark of the byte order Prometheus' reader loses characters.
        while (bad < this.text.length && isAllowed(this.text[bad]) && !(bad == 0 && this.text[0] == 0xFEFF)) {
            offset += bytes(this.text[bad]);
            bad++;
            if (offset >= chunkEnd) {
                chunk = bad;
                chunkEnd = (offset / CHUNK_BYTES + 1) * CHUNK_BYTES;
            }
        }
        refused = bad;
        refusedFrom = bad == this.text.length ? bad : chunk;
    }

    private static boolean isAllowed(int c) {
        return (c >= 0x20 && c <= 0x7E)
                || c == '\n'
                || c == '\t'
                || c == '\r'
                || c == 0x85
                || (c >= 0xA0 && c <= 0xD7FF)
                || (c >= 0xE000 && c <= 0xFFFD)
                || (c >= 0x10000 && c <= 0x10FFFF);
    }

    private static int bytes(int c) {
        if (c < 0x80) {
            return 1;
        }
        if (c < 0x800) {
            return 2;
        }
        return c < 0x10000 ? 3 : 4;
    }

    YamlMark mark() {
        return new YamlMark(index, line, column);
    }

    int index() {
        return index;
    }

    int line() {
        return line;
    }

    int column() {
        return column;
    }

    /** The character here, {@link #END} at the end. */
    int peek() {
        return peek(0);
    }

    /** A character further on. */
    int peek(int ahead) {
        int at = index + ahead;
        if (at >= refusedFrom) {
            if (refusedFrom < text.length) {
                throw refusal();
            }
            return END;
        }
        return text[at];
    }

    private YamlSyntaxException refusal() {
        int lines = 0;
        int lineStart = 0;
        for (int i = 0; i < refused; i++) {
            if (text[i] == '\n') {
                lines++;
                lineStart = i + 1;
            }
        }
        YamlMark at = new YamlMark(refused, lines, refused - lineStart);
        int c = text[refused];
        if (c >= YamlBytes.NO_UTF8 && c < YamlBytes.NO_UTF8 + 0x100) {
            return new YamlSyntaxException(
                    at,
                    String.format(
                            Locale.ROOT,
                            "found the byte 0x%02X, which is no UTF-8; save the file as UTF-8",
                            c - YamlBytes.NO_UTF8));
        }
        return new YamlSyntaxException(
                at, String.format(Locale.ROOT, "found the character U+%04X, which may not stand here; remove it", c));
    }

    boolean isAt(String word) {
        for (int i = 0; i < word.length(); i++) {
            if (peek(i) != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    void skip() {
        index++;
        column++;
    }

    void skip(int count) {
        index += count;
        column += count;
    }

    /** Passes over a line break; does nothing where there is none. */
    void skipBreak() {
        if (isBreak(peek())) {
            index += peek() == '\r' && peek(1) == '\n' ? 2 : 1;
            line++;
            column = 0;
        }
    }

    /** Passes over a line break and gives it as it counts in a text. */
    String readBreak() {
        int c = peek();
        skipBreak();
        return c == 0x2028 || c == 0x2029 ? Character.toString(c) : "\n";
    }

    /** Lets the next line begin, for what ends with the text. */
    void endLine() {
        if (column != 0) {
            column = 0;
            line++;
        }
    }

    void skipBlanks() {
        while (isBlank(peek())) {
            skip();
        }
    }

    /** Passes over a comment up to the end of its line; does nothing where none begins. */
    void skipComment() {
        if (peek() == '#') {
            while (!isBreakOrEnd()) {
                skip();
            }
        }
    }

    boolean isBlankAt(int ahead) {
        return isBlank(peek(ahead));
    }

    /** Whether a space, a tab, a line break or the end is there. */
    boolean isGapAt(int ahead) {
        int c = peek(ahead);
        return isBlank(c) || isBreak(c) || c == END;
    }

    boolean isBreakOrEnd() {
        int c = peek();
        return isBreak(c) || c == END;
    }

    static boolean isBlank(int c) {
        return c == ' ' || c == '\t';
    }

    static boolean isBreak(int c) {
        return c == '\n' || c == '\r' || c == 0x85 || c == 0x2028 || c == 0x2029;
    }

    /** Whether a line begins here that ends or begins a document. */
    boolean isDocumentIndicator() {
        return column == 0 && (isAt("---") || isAt("...")) && isGapAt(3);
    }
}
