// SPDX-License-Identifier: Apache-2.0
package dev.narthex.template;

import dev.narthex.model.EscapedHtml;
import dev.narthex.model.QuotedString;
import java.util.HexFormat;
import java.util.Locale;

/** Escapes of Go's text/template functions {@code html} and {@code js}. */
final class Escapes {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private Escapes() {}

    static String html(String text) {
        return EscapedHtml.of(text).replace('\0', '\uFFFD');
    }

    static String javaScript(String text) {
        StringBuilder out = new StringBuilder(text.length());
        int codePoint;
        for (int i = 0; i < text.length(); i += Character.charCount(codePoint)) {
            codePoint = text.codePointAt(i);
            switch (codePoint) {
                case '\\' -> out.append("\\\\");
                case '\'' -> out.append("\\'");
                case '"' -> out.append("\\\"");
                case '<', '>', '&', '=' -> out.append("\\u").append(HEX.toHexDigits((char) codePoint));
                default -> {
                    if (codePoint < ' ' || (codePoint > 0x7e && !QuotedString.isPrintable(codePoint))) {
                        out.append(String.format(Locale.ROOT, "\\u%04X", codePoint));
                    } else {
                        out.appendCodePoint(codePoint);
                    }
                }
            }
        }
        return out.toString();
    }
}
