// SPDX-License-Identifier: Apache-2.0
package dev.narthex.model;

/** Text for HTML, in elements and in quoted attributes, with the references that Go's libraries write. */
public final class EscapedHtml {
    private EscapedHtml() {}

    /** The text with references in place of the five characters that mean something in HTML. */
    public static String of(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("&#34;");
                case '\'' -> out.append("&#39;");
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                default -> out.append(c);
            }
        }
        return out.toString();
    }
}
