// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.api;

/**
 * Label names in paths (Prometheus documentation, "Remote Write and escaping schemes", values encoding): a name that is
 * not classic is written {@code U__}, an underscore as two, any other character as its code point in hexadecimal
 * between underscores.
 */
final class LabelNameEscaping {
    private static final String PREFIX = "U__";
    private static final int MAX_DIGITS = 6;

    private LabelNameEscaping() {}

    /** The name that is meant; what is not properly escaped stands for itself. */
    static String unescape(String name) {
        if (!name.startsWith(PREFIX)) {
            return name;
        }
        StringBuilder plain = new StringBuilder();
        int at = PREFIX.length();
        while (at < name.length()) {
            char c = name.charAt(at);
            if (c != '_') {
                plain.append(c);
                at++;
                continue;
            }
            int end = name.indexOf('_', at + 1);
            if (end < 0) {
                return name;
            }
            if (end == at + 1) {
                plain.append('_');
            } else {
                int codePoint = codePoint(name, at + 1, end);
                if (codePoint < 0) {
                    return name;
                }
                plain.appendCodePoint(codePoint);
            }
            at = end + 1;
        }
        return plain.toString();
    }

    private static int codePoint(String name, int from, int to) {
        if (to - from > MAX_DIGITS) {
            return -1;
        }
        int codePoint = 0;
        for (int i = from; i < to; i++) {
            int digit = Character.digit(name.charAt(i), 16);
            if (digit < 0) {
                return -1;
            }
            codePoint = 16 * codePoint + digit;
        }
        return Character.isValidCodePoint(codePoint) ? codePoint : -1;
    }
}
