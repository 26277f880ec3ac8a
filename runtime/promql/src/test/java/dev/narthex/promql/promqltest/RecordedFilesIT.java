// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.promqltest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.testkit.golden.GoldenFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The evaluations of test files of this project are asked of a real Prometheus of 3.14 or later, too, and answered alike; with
 * {@code -Dgolden.update=true} what it answers is recorded anew. An older one, which does not know all of the language, skips
 * the test.
 */
class RecordedFilesIT {
    private static final Path FILES = Path.of("src", "test", "resources", "promqltest", "narthex");

    @ParameterizedTest
    @ValueSource(strings = {"subtleties", "subtle_histograms", "extended_notes", "edges"})
    void answerAsARealPrometheus(String name, @TempDir Path directory) throws IOException, InterruptedException {
        Path file = FILES.resolve(name + ".test");
        String text = Files.readString(file);
        try (PrometheusScribe scribe = new PrometheusScribe(directory)) {
            Assumptions.assumeTrue(scribe.isNew(), "this Prometheus is older than the language");
            String right = scribe.write(text);
            if (Boolean.getBoolean(GoldenFile.UPDATE)) {
                Files.writeString(file, right);
            }
            assertThat(String.join("\n", scribe.differences())).isEmpty();
        }
    }

    /**
     * Records the expectations of any file, {@code -Dpromqltest.record=FILE}, and shows where ours answers otherwise: to
     * look into something.
     */
    @Test
    void recordsAnyFile(@TempDir Path directory) throws IOException, InterruptedException {
        String asked = System.getProperty("promqltest.record");
        Assumptions.assumeTrue(asked != null, "no file is asked for");
        Path file = Path.of(String.valueOf(asked));
        try (PrometheusScribe scribe = new PrometheusScribe(directory)) {
            Files.writeString(file, scribe.write(Files.readString(file)));
            assertThat(String.join("\n", scribe.differences())).isEmpty();
        }
    }
}
