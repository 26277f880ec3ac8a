// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.server.command.Command;
import dev.narthex.server.command.CommandLine;
import dev.narthex.testkit.peers.CommandResult;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The packaged program, jar or native executable, on all files of Prometheus' own tests that the project has: nothing that
 * works in the build's own JVM may be lost by packaging.
 */
class ConformanceFilesIT {
    private static final Path TEST_FILES = Path.of("..", "promql", "src", "test", "resources", "promqltest");
    private static final Path CONFIGURATIONS = Path.of("..", "config", "src", "test", "resources", "prometheus-config");

    private static List<String> files(Path folder, String ending) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.map(Path::toString)
                    .filter(file -> file.endsWith(ending))
                    .sorted()
                    .toList();
        }
    }

    private static String[] line(List<String> command, List<String> files) {
        List<String> line = new ArrayList<>(command);
        line.addAll(files);
        return line.toArray(String[]::new);
    }

    @Test
    void everyEvaluationOfTheTestFilesPasses() throws Exception {
        List<String> files = files(TEST_FILES, ".test");
        int evaluations = 0;
        for (String file : files) {
            evaluations += (int) Files.readAllLines(Path.of(file)).stream()
                    .filter(text -> text.strip().startsWith("eval"))
                    .count();
        }
        assertThat(evaluations).isGreaterThan(1000);
        CommandResult result = PackagedProgram.run(line(List.of("promqltest"), files));
        assertThat(result.output() + result.errors()).isEqualTo(evaluations + " passed, 0 failed\n");
        assertThat(result.exitCode()).isZero();
    }

    @Test
    void everyConfigurationIsJudgedAsByTheClassesThemselves() throws Exception {
        List<String> files = files(CONFIGURATIONS, ".yml");
        assertThat(files).hasSizeGreaterThan(100);
        String[] line = line(List.of("check", "config"), files);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        int exitCode = new CheckCommand(new Console(
                        new PrintStream(out, false, StandardCharsets.UTF_8),
                        new PrintStream(errors, false, StandardCharsets.UTF_8)))
                .run((Command.Check) CommandLine.parse(line));
        assertThat(PackagedProgram.run(line))
                .isEqualTo(new CommandResult(
                        exitCode, out.toString(StandardCharsets.UTF_8), errors.toString(StandardCharsets.UTF_8)));
    }
}
