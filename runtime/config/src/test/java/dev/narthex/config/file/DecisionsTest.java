// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.config.ConfigException;
import dev.narthex.config.ConfigProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files of every field, good and bad, odd YAML, regular expressions at their edges: we take and refuse what promtool took
 * and refused when {@code decisions/configurations.tsv} was recorded.
 */
class DecisionsTest {
    private final PrometheusFiles files = new PrometheusFiles(new ConfigLoader(name -> ""));

    @TempDir
    private Path folder;

    @Test
    void decidesAsRecorded() throws IOException {
        List<String> differences = new ArrayList<>();
        Path file = folder.resolve("prometheus.yml");
        for (RecordedDecision recorded : RecordedDecision.all()) {
            Files.writeString(file, recorded.text());
            String ours = "";
            try {
                files.checkAlone(file);
            } catch (ConfigException e) {
                ours = String.valueOf(e.getMessage());
                for (ConfigProblem problem : e.problems()) {
                    if (problem.line() == 0 && problem.path().isEmpty()) {
                        differences.add("no place: " + problem + "\n" + recorded.text());
                    }
                }
            }
            if (ours.isEmpty() != recorded.good()) {
                differences.add((recorded.good() ? "good, we say " + ours : "bad") + "\n" + recorded.text());
            }
        }
        assertThat(differences).isEmpty();
    }
}
