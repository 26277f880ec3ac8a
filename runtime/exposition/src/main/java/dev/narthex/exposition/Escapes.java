// SPDX-License-Identifier: Apache-2.0
package dev.narthex.exposition;

import java.nio.charset.StandardCharsets;

/**
 * The escapes of the text format: backslash, line feed and, within quotes, the double quote. A backslash before
 * anything else stands for itself.
 */
final class Escapes {
    private Escapes() {}

    /** The text between quotes, as a string. */
    static String unescapeQuoted(byte[] bytes, int from, int to) {
        return unescape(bytes, from, to, true);
    }

    static String unescapeHelp(byte[] bytes, int from, int to) {
        return unescape(bytes, from, to, false);
    }

    private static String unescape(byte[] bytes, int from, int to, boolean quotes) {
        int p = from;
        while (p < to && bytes[p] != '\\') {
            p++;
        }
        if (p == to) {
            return new String(bytes, from, to - from, StandardCharsets.UTF_8);
        }
        byte[] plain = new byte[to - from];
        System.arraycopy(bytes, from, plain, 0, p - from);
        int size = p - from;
        while (p < to) {
            byte c = bytes[p++];
            if (c == '\\' && p < to) {
                byte escaped = bytes[p];
                if (escaped == '\\' || escaped == 'n' || (quotes && escaped == '"')) {
                    c = escaped == 'n' ? (byte) '\n' : escaped;
                    p++;
                }
            }
            plain[size++] = c;
        }
        return new String(plain, 0, size, StandardCharsets.UTF_8);
    }
}
