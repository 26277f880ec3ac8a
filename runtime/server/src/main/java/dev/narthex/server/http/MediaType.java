// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.http;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * What Content-Type says of a body (RFC 9110, section 8.3.1), read as Go's library does.
 *
 * @param name in lower case; empty where it cannot be told
 * @param problem what is wrong with it, in Go's words; empty where nothing is
 */
record MediaType(String name, String problem) {
    private static final String INVALID_PARAMETER = "mime: invalid media parameter";
    private static final String SEPARATORS = "()<>@,;:\\\"/[]?=";

    /** Reads the value of a header field; empty for none. */
    static MediaType of(String field) {
        int semicolon = field.indexOf(';');
        String name =
                (semicolon < 0 ? field : field.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
        String wrong = problemOfName(name);
        if (!wrong.isEmpty()) {
            return new MediaType("", wrong);
        }
        return semicolon < 0
                ? new MediaType(name, "")
                : new MediaType(name, problemOfParameters(field.substring(semicolon)));
    }

    private static String problemOfName(String name) {
        int slash = token(name, 0);
        if (slash == 0) {
            return "mime: no media type";
        }
        if (slash == name.length()) {
            return "";
        }
        if (name.charAt(slash) != '/') {
            return "mime: expected slash after first token";
        }
        int end = token(name, slash + 1);
        if (end == slash + 1) {
            return "mime: expected token after slash";
        }
        return end == name.length() ? "" : "mime: unexpected content after media subtype";
    }

    private static String problemOfParameters(String text) {
        Set<String> names = new HashSet<>();
        String rest = text.stripLeading();
        while (!rest.isEmpty()) {
            int at = blanks(rest, 1);
            int end = token(rest, at);
            int equals = blanks(rest, end);
            if (rest.charAt(0) != ';' || end == at || equals == rest.length() || rest.charAt(equals) != '=') {
                return rest.strip().equals(";") ? "" : INVALID_PARAMETER;
            }
            int from = blanks(rest, equals + 1);
            int to = value(rest, from);
            if (to == from) {
                return INVALID_PARAMETER;
            }
            if (!names.add(rest.substring(at, end).toLowerCase(Locale.ROOT))) {
                return "mime: duplicate parameter name";
            }
            rest = rest.substring(to).stripLeading();
        }
        return "";
    }

    /** Where a token or a quoted text ends that begins here; here where there is none. */
    private static int value(String text, int from) {
        if (from >= text.length() || text.charAt(from) != '"') {
            return token(text, from);
        }
        for (int i = from + 1; i < text.length(); i++) {
            switch (text.charAt(i)) {
                case '"' -> {
                    return i + 1;
                }
                case '\\' -> i++;
                default -> {}
            }
        }
        return from;
    }

    private static int token(String text, int from) {
        int at = from;
        while (at < text.length() && isOfToken(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static boolean isOfToken(char c) {
        return c > ' ' && c < 0x7f && SEPARATORS.indexOf(c) < 0;
    }

    private static int blanks(String text, int from) {
        int at = from;
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at;
    }
}
