// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config;

import java.util.Locale;

/**
 * One thing that is wrong in a configuration.
 *
 * @param file the file or resource
 * @param path where in the document, such as {@code scrape_configs[2].scrape_interval}; empty for the document itself
 * @param line counted from 1, 0 where it is not known
 * @param column counted from 1, 0 where it is not known
 * @param message what is wrong, what was found, what is accepted
 */
public record ConfigProblem(String file, String path, int line, int column, String message) {
    /** The problem in one line, breaks in it escaped: {@code prometheus.yml:12:5: scrape_configs[0].scheme: …}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(file);
        if (line > 0) {
            text.append(':').append(line).append(':').append(column);
        }
        text.append(": ");
        if (!path.isEmpty()) {
            text.append(path).append(": ");
        }
        return text.append(inOneLine(message)).toString();
    }

    private static String inOneLine(String message) {
        StringBuilder line = new StringBuilder(message.length());
        for (int i = 0; i < message.length(); i++) {
            char c = message.charAt(i);
            switch (c) {
                case '\n' -> line.append("\\n");
                case '\r' -> line.append("\\r");
                case '\u0085', '\u2028', '\u2029' -> line.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
                default -> line.append(c);
            }
        }
        return line.toString();
    }
}
