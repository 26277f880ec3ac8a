// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config;

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
    /** The problem in one line: {@code prometheus.yml:12:5: scrape_configs[0].scheme: …}. */
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
        return text.append(message).toString();
    }
}
