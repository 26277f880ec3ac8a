// SPDX-License-Identifier: Apache-2.0
package dev.narthex.http;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A media type with its parameters as a Content-Type field gives them (RFC 2045, section 5.1), read as strictly as Go's
 * library does, and so Prometheus.
 *
 * @param name type and subtype in lower case
 * @param parameters by their names in lower case
 */
public record MediaType(String name, Map<String, String> parameters) {
    public MediaType {
        parameters = Map.copyOf(parameters);
    }

    /**
     * Reads a header field.
     *
     * @throws Malformed where it is none
     */
    public static MediaType parse(String field) {
        return new Reader(field).read();
    }

    /** Says in Go's words what is wrong with a header field. */
    public static final class Malformed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final String name;

        Malformed(String name, String message) {
            super(message, null, false, false);
            this.name = name;
        }

        /** The media type, where that can be told all the same; else empty. */
        public String name() {
            return name;
        }
    }

    private static final class Reader {
        private static final String SPECIALS = "()<>@,;:\\\"/[]?=";

        private final String text;
        /** What was read of it. */
        private String name = "";

        private int at;

        Reader(String text) {
            this.text = text;
        }

        MediaType read() {
            name = readName();
            Map<String, String> parameters = new LinkedHashMap<>();
            while (at < text.length()) {
                int before = at;
                if (!parameter(parameters)) {
                    if (text.substring(before).isBlank()
                            || text.substring(before).strip().equals(";")) {
                        break;
                    }
                    throw new Malformed(name, "mime: invalid media parameter");
                }
            }
            return new MediaType(name, parameters);
        }

        private String readName() {
            int end = text.indexOf(';');
            at = end < 0 ? text.length() : end;
            String read = text.substring(0, at).strip().toLowerCase(Locale.ROOT);
            int slash = endOfToken(read, 0);
            if (slash == 0) {
                throw new Malformed(name, "mime: no media type");
            }
            if (slash < read.length()) {
                if (read.charAt(slash) != '/') {
                    throw new Malformed(name, "mime: expected slash after first token");
                }
                int subtype = endOfToken(read, slash + 1);
                if (subtype == slash + 1) {
                    throw new Malformed(name, "mime: expected token after slash");
                }
                if (subtype < read.length()) {
                    throw new Malformed(name, "mime: unexpected content after media subtype");
                }
            }
            return read;
        }

        private boolean parameter(Map<String, String> into) {
            skipBlanks();
            if (!take(';')) {
                return false;
            }
            skipBlanks();
            int nameEnd = endOfToken(text, at);
            String parameter = text.substring(at, nameEnd).toLowerCase(Locale.ROOT);
            at = nameEnd;
            skipBlanks();
            if (parameter.isEmpty() || !take('=')) {
                return false;
            }
            skipBlanks();
            String value;
            if (at < text.length() && text.charAt(at) == '"') {
                value = quoted();
            } else {
                int end = endOfToken(text, at);
                value = text.substring(at, end);
                if (value.isEmpty()) {
                    return false;
                }
                at = end;
            }
            String other = into.putIfAbsent(parameter, value);
            if (other != null && !other.equals(value)) {
                throw new Malformed(name, "mime: duplicate parameter name");
            }
            return true;
        }

        private String quoted() {
            StringBuilder value = new StringBuilder();
            for (int i = at + 1; i < text.length(); i++) {
                char c = text.charAt(i);
                if (c == '"') {
                    at = i + 1;
                    return value.toString();
                }
                if (c == '\\' && i + 1 < text.length() && SPECIALS.indexOf(text.charAt(i + 1)) >= 0) {
                    c = text.charAt(++i);
                }
                value.append(c);
            }
            throw new Malformed(name, "mime: invalid media parameter");
        }

        private boolean take(char wanted) {
            boolean found = at < text.length() && text.charAt(at) == wanted;
            at += found ? 1 : 0;
            return found;
        }

        private void skipBlanks() {
            while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
                at++;
            }
        }

        private static int endOfToken(String from, int start) {
            int end = start;
            while (end < from.length() && isTokenCharacter(from.charAt(end))) {
                end++;
            }
            return end;
        }

        private static boolean isTokenCharacter(char c) {
            return c > ' ' && c < 0x7f && SPECIALS.indexOf(c) < 0;
        }
    }
}
