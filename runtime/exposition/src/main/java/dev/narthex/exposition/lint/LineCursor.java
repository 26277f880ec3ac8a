// SPDX-License-Identifier: Apache-2.0
package dev.narthex.exposition.lint;

import dev.narthex.model.QuotedString;
import java.nio.charset.StandardCharsets;

/** A place in an exposition that is read from its start to its end. Ends inside a line are faults. */
final class LineCursor {
    private final byte[] bytes;
    private int at;
    private int line = 1;

    LineCursor(byte[] bytes) {
        this.bytes = bytes;
    }

    int line() {
        return line;
    }

    FamilyParseException failure(String problem) {
        return new FamilyParseException(line, problem);
    }

    /** Goes to the first character of an entry; false where nothing but blanks and empty lines is left. */
    boolean skipToEntry() {
        while (at < bytes.length) {
            byte c = bytes[at];
            if (c == '\n') {
                line++;
            } else if (c != ' ' && c != '\t') {
                return true;
            }
            at++;
        }
        return false;
    }

    /** The current character. */
    char peek() throws FamilyParseException {
        if (at >= bytes.length) {
            throw failure("unexpected end of input stream");
        }
        return (char) (bytes[at] & 0xff);
    }

    void next() throws FamilyParseException {
        if (peek() == '\n') {
            line++;
        }
        at++;
    }

    boolean isBlank() throws FamilyParseException {
        return peek() == ' ' || peek() == '\t';
    }

    void skipBlanks() throws FamilyParseException {
        while (isBlank()) {
            at++;
        }
    }

    /** The current character in single quotes. */
    String shown() throws FamilyParseException {
        char c = peek();
        return c == '\n' ? "'\\n'" : "'" + c + "'";
    }

    /** What stands up to the next blank or the end of the line. */
    String token() throws FamilyParseException {
        int from = at;
        while (peek() != '\n' && !isBlank()) {
            at++;
        }
        return FamilyParser.decoded(bytes, from, at);
    }

    /** What is left of the line; goes to the next one. */
    String restOfLine() throws FamilyParseException {
        int from = at;
        while (peek() != '\n') {
            at++;
        }
        String rest = FamilyParser.decoded(bytes, from, at);
        next();
        return rest;
    }

    /** What is left of the line, a help text with its escapes resolved; goes to the next one. */
    String escapedLine() throws FamilyParseException {
        StringBuilder text = new StringBuilder();
        while (peek() != '\n') {
            char c = peek();
            at++;
            text.append(c == '\\' ? escaped(false) : c);
        }
        next();
        return text.toString();
    }

    private char escaped(boolean quotes) throws FamilyParseException {
        char c = peek();
        if (c == '\\' || (quotes && c == '"')) {
            at++;
            return c;
        }
        if (c != 'n') {
            throw failure("invalid escape sequence '\\" + c + "'");
        }
        at++;
        return '\n';
    }

    /** A metric name of the classic form, empty where none stands here. */
    String name() throws FamilyParseException {
        return classicName(true);
    }

    String labelName() throws FamilyParseException {
        return classicName(false);
    }

    private String classicName(boolean colons) throws FamilyParseException {
        int from = at;
        while (isNameCharacter(peek(), colons, at > from)) {
            at++;
        }
        return new String(bytes, from, at - from, StandardCharsets.US_ASCII);
    }

    private static boolean isNameCharacter(char c, boolean colons, boolean inside) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || c == '_'
                || (colons && c == ':')
                || (inside && c >= '0' && c <= '9');
    }

    /** A text in quotes with its escapes resolved; the cursor stands at the first quote. */
    String quoted() throws FamilyParseException {
        next();
        StringBuilder raw = new StringBuilder();
        while (peek() != '"') {
            char c = peek();
            if (c == '\n') {
                throw failure("label value " + QuotedString.of(raw.toString()) + " contains unescaped new-line");
            }
            at++;
            raw.append(c == '\\' ? escaped(true) : c);
        }
        next();
        byte[] latin = raw.toString().getBytes(StandardCharsets.ISO_8859_1);
        return FamilyParser.decoded(latin, 0, latin.length);
    }
}
