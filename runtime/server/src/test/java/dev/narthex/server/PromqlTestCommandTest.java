// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PromqlTestCommandTest {
    private static final String GOOD = """
            load 1m
              up 1 2 3

            eval instant at 1m up + 1
              {} 3
            """;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @TempDir
    private Path directory;

    private int run(String... texts) throws IOException {
        List<Path> files = new java.util.ArrayList<>();
        for (int i = 0; i < texts.length; i++) {
            files.add(Files.writeString(directory.resolve(i + ".test"), texts[i]));
        }
        PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
        return new PromqlTestCommand(new Console(out, out)).run(files);
    }

    private String printed() {
        return printed.toString(StandardCharsets.UTF_8);
    }

    @Test
    void countsWhatPasses() throws IOException {
        assertThat(run(GOOD, GOOD)).isZero();
        assertThat(printed()).isEqualTo("2 passed, 0 failed\n");
    }

    @Test
    void namesFileLineAndQueryOfWhatFails() throws IOException {
        assertThat(run(GOOD + "\neval instant at 1m up * 2\n  {} 5\n")).isEqualTo(1);
        assertThat(printed())
                .contains("0.test:7 up * 2\n    ")
                .startsWith("FAIL ")
                .endsWith("\n1 passed, 1 failed\n");
    }

    @Test
    void countsAFileThatCannotBeReadAsOneFailure() throws IOException {
        assertThat(run(GOOD, "evaluate what\n")).isEqualTo(1);
        assertThat(printed()).contains("1.test").endsWith("1 passed, 1 failed\n");
    }

    @Test
    void runsInAProcessOfItsOwn() throws IOException, InterruptedException {
        Path good = Files.writeString(directory.resolve("good.test"), GOOD);
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        NarthexMain.class.getName(),
                        "promqltest",
                        good.toString(),
                        directory.resolve("missing.test").toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isEqualTo(1);
        assertThat(output).contains("missing.test").endsWith("1 passed, 1 failed\n");
    }
}
