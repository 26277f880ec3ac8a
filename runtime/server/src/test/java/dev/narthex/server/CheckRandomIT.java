// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.server.command.Command;
import dev.narthex.server.command.CommandLine;
import dev.narthex.testkit.peers.CommandResult;
import dev.narthex.testkit.peers.Peers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files of every field, and of odd forms of YAML, changed at random: {@code check} takes and refuses what promtool 3.15 takes
 * and refuses, prints the same of those that are good, and ends with the same code.
 */
class CheckRandomIT {
    private static final int FILES = Integer.getInteger("check.files", 300);
    private static final int BATCH = 50;
    /** File, line, column, what is wrong, and what is accepted, or a name that is near. */
    private static final Pattern REFUSAL =
            Pattern.compile(".*\\.yml:[0-9]+:[0-9]+: (.*; .+|.*did you mean .*|.*accepted are .*)");

    private final Random random = new Random(Long.getLong("test.seed", 77_033L));

    @TempDir
    private Path folder;

    private static List<String> good(Path recorded) throws IOException {
        return Files.readAllLines(recorded).stream()
                .filter(line -> line.startsWith("good\t"))
                .map(line -> RuleDecisionsTest.unescaped(line.substring("good\t".length())))
                .toList();
    }

    @Test
    void rules() throws Exception {
        List<String> good = good(Path.of("src", "test", "resources", "rule-decisions.tsv"));
        List<List<String>> flags = List.of(
                List.of(),
                List.of("--lint-fatal"),
                List.of("--lint=all", "--lint-fatal"),
                List.of("--ignore-unknown-fields"));
        compare("rules", good, flags);
    }

    @Test
    void configurations() throws Exception {
        List<String> good =
                good(Path.of("..", "config", "src", "test", "resources", "decisions", "configurations.tsv"));
        List<List<String>> flags = List.of(
                List.of("--syntax-only"),
                List.of("--syntax-only", "--lint=all", "--lint-fatal"),
                List.of("--lint=too-long-scrape-interval", "--lint-fatal"),
                List.of("--lint=all"));
        compare("config", good, flags);
    }

    private void compare(String kind, List<String> good, List<List<String>> flags) throws Exception {
        Path prometheus = Peers.newestPrometheus().orElse(null);
        Assumptions.assumeTrue(prometheus != null, "no newest Prometheus here; e2e/peers --newest builds one");
        Path promtool = Objects.requireNonNull(prometheus).resolveSibling("promtool");
        MutatedFile files = new MutatedFile(random, good);
        List<String> differences = new ArrayList<>();
        int refused = 0;
        for (int done = 0; done < FILES; done += BATCH) {
            List<String> command = new ArrayList<>(List.of("check", kind));
            command.addAll(flags.get(random.nextInt(flags.size())));
            int options = command.size();
            for (int i = 0; i < BATCH; i++) {
                command.add(Files.write(folder.resolve(kind + i + ".yml"), files.next())
                        .toString());
            }
            CommandResult expected = CommandResult.of(promtool, command.toArray(String[]::new));
            CommandResult actual = narthex(command);
            poor(actual.errors()).forEach(differences::add);
            Map<String, String> theirs = byFile(expected.output());
            Map<String, String> ours = byFile(actual.output());
            boolean differs = false;
            for (String file : command.subList(options, command.size())) {
                String said = theirs.getOrDefault(file, "nothing");
                refused += said.contains("SUCCESS") ? 0 : 1;
                if (!said.equals(ours.get(file))) {
                    differs = true;
                    differences.add(command.subList(0, options) + " promtool says " + said.strip() + "; we say "
                            + String.valueOf(ours.get(file)).strip()
                            + reason(actual.errors(), file) + reason(expected.errors(), file) + "\n"
                            + Files.readString(Path.of(file), StandardCharsets.ISO_8859_1) + "----");
                }
            }
            if (!differs && actual.exitCode() != expected.exitCode()) {
                differences.add(command.subList(0, options) + " ends with " + actual.exitCode() + ", promtool with "
                        + expected.exitCode());
            }
        }
        assertThat(String.join("\n", differences)).isEmpty();
        assertThat(refused).isBetween(FILES / 5, FILES * 19 / 20);
    }

    /** Refusals that do not say where, or not what is accepted or to be done. */
    private static List<String> poor(String errors) {
        return errors.replaceAll("(?m)^ {2}FAILED:\\s+", "")
                .lines()
                .filter(line -> line.contains(".yml:") && !line.contains("NOT SUPPORTED"))
                .filter(line -> !REFUSAL.matcher(line).matches())
                .map(line -> "a poor error: " + line)
                .toList();
    }

    /** The line of an error that names a file. */
    private static String reason(String errors, String file) {
        return errors.lines()
                .filter(line -> line.contains(file))
                .findFirst()
                .map(line -> "\n  " + line)
                .orElse("");
    }

    /** What is printed of each file, without its name. */
    private static Map<String, String> byFile(String output) {
        Map<String, String> byFile = new LinkedHashMap<>();
        for (String part : output.split("(?m)^Checking ", -1)) {
            int end = part.indexOf('\n');
            if (end > 0) {
                byFile.put(part.substring(0, end), part.substring(end + 1));
            }
        }
        return byFile;
    }

    private static CommandResult narthex(List<String> arguments) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        Console console = new Console(
                new PrintStream(out, false, StandardCharsets.UTF_8),
                new PrintStream(errors, false, StandardCharsets.UTF_8));
        Command command = CommandLine.parse(arguments.toArray(String[]::new));
        int exitCode = new CheckCommand(console).run((Command.Check) command);
        return new CommandResult(
                exitCode, out.toString(StandardCharsets.UTF_8), errors.toString(StandardCharsets.UTF_8));
    }
}
