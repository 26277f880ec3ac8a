// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.alertmanager;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON (RFC 8259) as Alertmanager's decoder does: to the end of the first value, whatever stands behind it. Of a
 * member that is given twice the last counts, objects that are given twice are one. For one thread.
 */
final class JsonReader {
    private static final int MAX_DEPTH = 500;

    private final String text;
    private int at;
    private int depth;

    private JsonReader(String text) {
        this.text = text;
    }

    /**
     * The first value of a text.
     *
     * @throws DecodeException when there is none, with the offset of the fault
     */
    static @Nullable Object first(String text) {
        return new JsonReader(text).value();
    }

    private @Nullable Object value() {
        skipSpace();
        if (at == text.length()) {
            throw bad("a value");
        }
        char c = text.charAt(at);
        return switch (c) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            case 't' -> literal("true", true);
            case 'f' -> literal("false", false);
            case 'n' -> literal("null", null);
            default -> number();
        };
    }

    private JsonObject object() {
        begin();
        JsonObject object = new JsonObject();
        if (!ends('}')) {
            do {
                skipSpace();
                if (at == text.length() || text.charAt(at) != '"') {
                    throw bad("the name of a member in quotes");
                }
                String name = string();
                skipSpace();
                if (!takes(':')) {
                    throw bad("a colon");
                }
                Object value = value();
                if (value instanceof JsonObject more && object.getValue(name) instanceof JsonObject before) {
                    before.mergeIn(more);
                } else {
                    object.put(name, value);
                }
            } while (goesOn('}'));
        }
        depth--;
        return object;
    }

    private JsonArray array() {
        begin();
        JsonArray array = new JsonArray();
        if (!ends(']')) {
            do {
                array.add(value());
            } while (goesOn(']'));
        }
        depth--;
        return array;
    }

    private void begin() {
        at++;
        if (++depth > MAX_DEPTH) {
            throw bad("less than " + MAX_DEPTH + " values inside each other");
        }
    }

    private boolean ends(char end) {
        skipSpace();
        return takes(end);
    }

    private boolean goesOn(char end) {
        skipSpace();
        if (takes(',')) {
            return true;
        }
        if (takes(end)) {
            return false;
        }
        throw bad("a comma or " + end);
    }

    private boolean takes(char expected) {
        if (at < text.length() && text.charAt(at) == expected) {
            at++;
            return true;
        }
        return false;
    }

    private void skipSpace() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private @Nullable Object literal(String word, @Nullable Boolean meaning) {
        if (!text.startsWith(word, at)) {
            throw bad("a value");
        }
        at += word.length();
        return meaning;
    }

    private String string() {
        StringBuilder string = new StringBuilder();
        at++;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c < ' ') {
                throw bad("an escape for a control character");
            }
            at++;
            if (c == '"') {
                return string.toString();
            }
            if (c == '\\') {
                escaped(string);
            } else {
                string.append(c);
            }
        }
        throw bad("a closing quote");
    }

    private void escaped(StringBuilder string) {
        char c = at < text.length() ? text.charAt(at++) : ' ';
        switch (c) {
            case '"', '\\', '/' -> string.append(c);
            case 'b' -> string.append('\b');
            case 'f' -> string.append('\f');
            case 'n' -> string.append('\n');
            case 'r' -> string.append('\r');
            case 't' -> string.append('\t');
            case 'u' -> unicode(string);
            default -> {
                at--;
                throw bad("an escape");
            }
        }
    }

    /** A half of a pair without the other half stands for no character. */
    private void unicode(StringBuilder string) {
        char unit = unit();
        int behind = at;
        if (Character.isHighSurrogate(unit) && text.startsWith("\\u", at)) {
            at += 2;
            char other = unit();
            if (Character.isLowSurrogate(other)) {
                string.append(unit).append(other);
                return;
            }
            at = behind;
        }
        string.append(Character.isSurrogate(unit) ? '\ufffd' : unit);
    }

    private char unit() {
        int unit = 0;
        for (int i = 0; i < 4; i++) {
            int digit = at < text.length() && text.charAt(at) < 0x80 ? Character.digit(text.charAt(at), 16) : -1;
            if (digit < 0) {
                throw bad("four hexadecimal digits");
            }
            unit = 16 * unit + digit;
            at++;
        }
        return (char) unit;
    }

    private BigDecimal number() {
        int start = at;
        takes('-');
        if (!takes('0')) {
            digits();
        }
        if (takes('.')) {
            digits();
        }
        if (takes('e') || takes('E')) {
            if (!takes('-')) {
                takes('+');
            }
            digits();
        }
        try {
            return new BigDecimal(text.substring(start, at));
        } catch (NumberFormatException _) {
            throw bad("a number of common size");
        }
    }

    private void digits() {
        int start = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        if (at == start) {
            throw bad("a value");
        }
    }

    private DecodeException bad(String expected) {
        String found = at < text.length() ? "\"" + Character.toString(text.codePointAt(at)) + "\"" : "the end";
        return new DecodeException("at offset " + at + " stands " + found + " where " + expected + " is expected");
    }
}
