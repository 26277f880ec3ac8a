// SPDX-License-Identifier: Apache-2.0
package dev.narthex.template;

import java.nio.charset.StandardCharsets;

/**
 * The text of a template and what positions in it are called.
 *
 * @param name the template's name, which starts every message
 * @param text the text
 */
record Source(String name, String text) {
    int line(int position) {
        int line = 1;
        for (int i = 0; i < position; i++) {
            if (text.charAt(i) == '\n') {
                line++;
            }
        }
        return line;
    }

    /** Bytes of UTF-8 before a position in its line, as Go counts columns. */
    private int column(int position) {
        int lineStart = text.lastIndexOf('\n', position - 1) + 1;
        return text.substring(lineStart, position).getBytes(StandardCharsets.UTF_8).length;
    }

    TemplateException parseError(int line, String message) {
        return new TemplateException("template: " + name + ":" + line + ": " + message, line);
    }

    TemplateException executionError(int position, String template, String node, String message) {
        int line = line(position);
        return new TemplateException(
                "template: " + name + ":" + line + ":" + column(position) + ": executing \"" + template + "\" at <"
                        + node + ">: " + message,
                line);
    }
}
