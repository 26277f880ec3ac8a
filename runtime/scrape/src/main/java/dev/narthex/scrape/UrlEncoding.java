// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Percent-encodes paths and query parameters (RFC 3986) in the form that Go's {@code net/url} gives them. */
final class UrlEncoding {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();
    private static final String PATH_CHARACTERS = "-_.~$&+,/:;=@";
    private static final String QUERY_CHARACTERS = "-_.~";

    private UrlEncoding() {}

    static void appendPath(StringBuilder out, String path) {
        if (path.equals("*")) {
            out.append('*');
            return;
        }
        append(out, path, PATH_CHARACTERS, false);
    }

    static void appendQuery(StringBuilder out, String text) {
        append(out, text, QUERY_CHARACTERS, true);
    }

    private static void append(StringBuilder out, String text, String plain, boolean plusForBlank) {
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (octet & 0xff);
            boolean alphanumeric = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (alphanumeric || plain.indexOf(c) >= 0) {
                out.append(c);
            } else if (plusForBlank && c == ' ') {
                out.append('+');
            } else {
                out.append('%').append(HEX.toHexDigits(octet));
            }
        }
    }
}
