// SPDX-License-Identifier: Apache-2.0
package dev.narthex.crds.manifest;

/**
 * One thing that is wrong with a manifest.
 *
 * @param file where it stands
 * @param document which document of the file, counted from 1; 0 for the file as a whole
 * @param line counted from 1, 0 where it is not known
 * @param column counted from 1, 0 where it is not known
 * @param path the field, such as {@code spec.endpoints[0].interval}; empty for the document itself
 * @param message what is wrong, what was found, what is accepted
 */
public record ManifestProblem(String file, int document, int line, int column, String path, String message) {
    /** The form of messages: {@code shop.yaml:12:5: document 2: spec.rules: …}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(file);
        if (line > 0) {
            text.append(':').append(line).append(':').append(column);
        }
        text.append(": ");
        if (document > 0) {
            text.append("document ").append(document).append(": ");
        }
        if (!path.isEmpty()) {
            text.append(path).append(": ");
        }
        return text.append(message).toString();
    }
}
