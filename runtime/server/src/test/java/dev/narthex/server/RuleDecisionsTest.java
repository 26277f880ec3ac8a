// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.config.ConfigException;
import dev.narthex.config.file.ConfigLoader;
import dev.narthex.rules.RuleManager;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Rule files, good and bad, in each field: we take and refuse what promtool 3.15 took and refused. */
class RuleDecisionsTest {
    private static List<String> recorded() throws IOException {
        try (InputStream in =
                Objects.requireNonNull(RuleDecisionsTest.class.getResourceAsStream("/rule-decisions.tsv"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .toList();
        }
    }

    static String unescaped(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                c = text.charAt(++i);
                if (c == 'u') {
                    c = (char) Integer.parseInt(text.substring(i + 1, i + 5), 16);
                    i += 4;
                } else if (c == 'n') {
                    c = '\n';
                }
            }
            out.append(c);
        }
        return out.toString();
    }

    private static String refusal(String text) {
        List<String> problems = new ArrayList<>();
        try {
            new ConfigLoader(name -> "")
                    .rules(text, "rules.yml")
                    .forEach(group -> problems.addAll(RuleManager.problems(group, new ExpressionSyntax())));
        } catch (ConfigException e) {
            problems.add(String.valueOf(e.getMessage()));
        }
        return String.join("\n", problems);
    }

    @Test
    void decidesAsRecorded() throws IOException {
        List<String> differences = new ArrayList<>();
        for (String line : recorded()) {
            int tab = line.indexOf('\t');
            String text = unescaped(line.substring(tab + 1));
            String ours = refusal(text);
            if (ours.isEmpty() != line.startsWith("good")) {
                differences.add(line.substring(0, tab) + ", we say " + ours + "\n" + text);
            }
        }
        assertThat(differences).isEmpty();
    }
}
