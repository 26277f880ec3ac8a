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
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files of every field with letters and lines changed at random: {@code check} takes and refuses what promtool 3.15 takes and
 * refuses, prints the same of those that are good, and ends with the same code.
 */
class CheckRandomIT {
    private static final int FILES = Integer.getInteger("check.files", 300);
    private static final int BATCH = 50;
    private static final String LETTERS = "{}[]:,\"'#!|>%@`-? \n\t~.0aZ_$é\\";
    private static final List<String> WORDS =
            List.of(("null;~;true;yes;0;-1;1m;1h30m;5x;'';\"\";[];{};[a];{a: b};1e3;0x1F;.inf;http://x;/a*;up;a b;"
                            + "'{{ $value }}';&a b;*a;!!str 1;|;>-;? a;- a;<<: {}")
                    .split(";"));

    private final Random random = new Random(Long.getLong("test.seed", 77_033L));

    @TempDir
    private Path folder;

    private static List<String> good(Path recorded) throws IOException {
        return Files.readAllLines(recorded).stream()
                .filter(line -> line.startsWith("good\t"))
                .map(line -> RuleDecisionsTest.unescaped(line.substring("good\t".length())))
                // Of these each sixth or so is taken otherwise once something is changed in it, see
                // docs/compatibility.md.
                .filter(text -> text.indexOf('\t') < 0 && text.indexOf('%') < 0)
                .toList();
    }

    @Test
    void rules() throws Exception {
        List<String> good = good(Path.of("src", "test", "resources", "rule-decisions.tsv"));
        List<List<String>> flags = List.of(
                List.of(),
                List.of("--lint-fatal"),
                List.of("--lint=all", "--lint-fatal"),
                List.of("--lint=none", "--lint-fatal"));
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
        List<String> differences = new ArrayList<>();
        int refused = 0;
        for (int done = 0; done < FILES; done += BATCH) {
            List<String> command = new ArrayList<>(List.of("check", kind));
            command.addAll(flags.get(random.nextInt(flags.size())));
            int options = command.size();
            for (int i = 0; i < BATCH; i++) {
                String text = mutated(good);
                command.add(Files.writeString(folder.resolve(kind + i + ".yml"), text)
                        .toString());
            }
            CommandResult expected = CommandResult.of(promtool, command.toArray(String[]::new));
            CommandResult actual = narthex(command);
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
                            + Files.readString(Path.of(file)) + "----");
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

    private String mutated(List<String> good) {
        StringBuilder text = new StringBuilder(good.get(random.nextInt(good.size())));
        if (random.nextInt(3) == 0) {
            text = new StringBuilder(together(text.toString(), good.get(random.nextInt(good.size()))));
        }
        for (int changes = random.nextInt(3); changes >= 0; changes--) {
            change(text);
        }
        return text.toString();
    }

    /** Two files in one: what their first lines say alike is said once. */
    private static String together(String first, String second) {
        int end = first.indexOf('\n');
        return end > 0 && second.startsWith(first.substring(0, end + 1))
                ? first + second.substring(end + 1)
                : first + second;
    }

    private void change(StringBuilder text) {
        if (text.isEmpty()) {
            return;
        }
        int at = random.nextInt(text.length());
        int line = text.lastIndexOf("\n", at - 1) + 1;
        int end = text.indexOf("\n", at) < 0 ? text.length() : text.indexOf("\n", at) + 1;
        switch (random.nextInt(9)) {
            case 0 -> text.insert(at, LETTERS.charAt(random.nextInt(LETTERS.length())));
            case 1 -> text.setCharAt(at, LETTERS.charAt(random.nextInt(LETTERS.length())));
            case 2 -> text.deleteCharAt(at);
            case 3 -> text.delete(line, end);
            case 4 -> text.insert(end, text.substring(line, end));
            case 5 -> text.insert(line, random.nextBoolean() ? " " : "  ");
            case 6, 7, 8 -> {
                int colon = text.indexOf(": ", line);
                if (colon > 0 && colon < end) {
                    text.replace(colon + 2, Math.max(colon + 2, end - 1), WORDS.get(random.nextInt(WORDS.size())));
                }
            }
            default -> throw new IllegalStateException();
        }
    }
}
