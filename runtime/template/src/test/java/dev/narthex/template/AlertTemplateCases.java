// SPDX-License-Identifier: Apache-2.0
package dev.narthex.template;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * The templates whose expansion by a real promtool is kept as a golden file: one a line, with {@code \n} for a line feed
 * and {@code \\} for a backslash; results are written the same way.
 */
final class AlertTemplateCases {
    static final String AREA = "alert-templates";
    static final String RESULTS = "expanded.out";

    private AlertTemplateCases() {}

    static List<String> templates() {
        return lines("cases.in").stream().map(AlertTemplateCases::unescape).toList();
    }

    static List<String> expected() {
        return lines(RESULTS).stream().map(AlertTemplateCases::unescape).toList();
    }

    static String escape(String text) {
        return text.replace("\\", "\\\\").replace("\n", "\\n");
    }

    private static String unescape(String line) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '\\') {
                i++;
                text.append(line.charAt(i) == 'n' ? '\n' : line.charAt(i));
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }

    private static List<String> lines(String file) {
        String resource = "/golden/" + AREA + "/" + file;
        try (InputStream in =
                Objects.requireNonNull(AlertTemplateCases.class.getResourceAsStream(resource), resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
