// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.block;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a JSON text (RFC 8259) of a few levels: maps, lists, strings, booleans, and numbers as the text they are.
 *
 * <p>Own code, for a library of its own would be larger than what meta.json needs of it. For one thread.
 */
final class JsonTree {
    private static final int MAX_DEPTH = 16;

    /** A number as it stands. */
    record Number(String text) {}

    private final String text;
    private int at;

    private JsonTree(String text) {
        this.text = text;
    }

    /** @throws IllegalArgumentException when the text is no JSON */
    static @Nullable Object read(String text) {
        JsonTree tree = new JsonTree(text);
        Object value = tree.value(0);
        tree.skipSpace();
        if (tree.at < text.length()) {
            throw tree.wrong("the end");
        }
        return value;
    }

    private IllegalArgumentException wrong(String wanted) {
        String found = at < text.length() ? "\"" + text.charAt(at) + "\"" : "the end";
        return new IllegalArgumentException(
                "no JSON at offset " + at + ", found " + found + " where " + wanted + " is to be");
    }

    private void skipSpace() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private boolean take(char c) {
        skipSpace();
        if (at < text.length() && text.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    private void need(char c) {
        if (!take(c)) {
            throw wrong("\"" + c + "\"");
        }
    }

    private boolean takeWord(String word) {
        if (text.startsWith(word, at)) {
            at += word.length();
            return true;
        }
        return false;
    }

    private @Nullable Object value(int depth) {
        if (depth > MAX_DEPTH) {
            throw wrong("a value of fewer levels");
        }
        skipSpace();
        if (at == text.length()) {
            throw wrong("a value");
        }
        char c = text.charAt(at);
        if (c == '"') {
            return string();
        }
        if (c == '{' || c == '[') {
            at++;
            return c == '{' ? map(depth) : list(depth);
        }
        return word();
    }

    private @Nullable Object word() {
        if (takeWord("true")) {
            return true;
        }
        if (takeWord("false")) {
            return false;
        }
        if (takeWord("null")) {
            return null;
        }
        int begin = at;
        while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        if (begin == at) {
            throw wrong("a value");
        }
        return new Number(text.substring(begin, at));
    }

    private Map<String, @Nullable Object> map(int depth) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        if (take('}')) {
            return map;
        }
        do {
            skipSpace();
            String name = string();
            need(':');
            map.put(name, value(depth + 1));
        } while (take(','));
        need('}');
        return map;
    }

    private List<@Nullable Object> list(int depth) {
        List<@Nullable Object> list = new ArrayList<>();
        if (take(']')) {
            return list;
        }
        do {
            list.add(value(depth + 1));
        } while (take(','));
        need(']');
        return list;
    }

    private String string() {
        need('"');
        StringBuilder string = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '"') {
                return string.toString();
            }
            if (c < ' ') {
                at--;
                throw wrong("a character of a string");
            }
            if (c == '\\') {
                string.append(escaped());
            } else {
                string.append(c);
            }
        }
        throw wrong("the end of a string");
    }

    private char escaped() {
        if (at == text.length()) {
            throw wrong("an escaped character");
        }
        char c = text.charAt(at++);
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> {
                if (text.length() - at < 4) {
                    throw wrong("four hexadecimal digits");
                }
                int code = Integer.parseInt(text, at, at + 4, 16);
                at += 4;
                yield (char) code;
            }
            default -> throw wrong("an escaped character");
        };
    }
}
