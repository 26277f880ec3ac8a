// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * What promtool said of a file.
 *
 * @param text the file
 */
record RecordedDecision(boolean good, String text) {
    /** All that are recorded. */
    static List<RecordedDecision> all() throws IOException {
        try (InputStream in =
                Objects.requireNonNull(RecordedDecision.class.getResourceAsStream("/decisions/configurations.tsv"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(RecordedDecision::of)
                    .toList();
        }
    }

    private static RecordedDecision of(String line) {
        int tab = line.indexOf('\t');
        return new RecordedDecision(line.substring(0, tab).equals("good"), unescaped(line.substring(tab + 1)));
    }

    private static String unescaped(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '\\') {
                out.append(c);
                continue;
            }
            c = text.charAt(++i);
            switch (c) {
                case 'n' -> out.append('\n');
                case 'u' -> {
                    out.append((char) Integer.parseInt(text.substring(i + 1, i + 5), 16));
                    i += 4;
                }
                default -> out.append(c);
            }
        }
        return out.toString();
    }
}
