// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.narthex.model.time.SystemScheduler;
import dev.narthex.server.client.QueryCommand;
import dev.narthex.server.command.Command;
import dev.narthex.server.command.CommandLine;
import dev.narthex.server.command.CommandLineException;
import dev.narthex.server.offline.TsdbCommand;
import dev.narthex.testkit.peers.CommandResult;
import dev.narthex.testkit.peers.Peers;
import dev.narthex.testkit.random.Seed;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random command lines of what promtool has, too: good flags and wrong ones, arguments missing and too many, files that are
 * good, bad or not there. The same exit codes, and what is printed where. One sequence for all builds;
 * {@code -Dcommand.lines=} asks for more and {@code -Dtest.seed=} for others.
 */
class CommandLineDifferentialIT {
    private static final int LINES = Integer.getInteger("command.lines", 400);
    private static final int MOST_SHOWN = 60;

    private static final List<String> ANYWHERE =
            List.of("--bogus", "--bogus=x", "-x", "--", "", "-", "x", "---", "--=");

    private static final List<String> FILES = List.of(
            "good.yml",
            "good.yml",
            "bad.yml",
            "none.yml",
            "rules.yml",
            "twice.yml",
            "badrules.yml",
            "web.yml",
            "data",
            ".");

    /** The flags and arguments of each command. */
    private static final Map<String, List<String>> COMMANDS = new TreeMap<>(Map.ofEntries(
            Map.entry("check", List.of("config", "rules", "nope", "metrics")),
            Map.entry(
                    "check config",
                    List.of(
                            "--syntax-only",
                            "--no-syntax-only",
                            "--syntax-only=true",
                            "--lint=all",
                            "--lint",
                            "--lint=none",
                            "--lint=duplicate-rules",
                            "--lint=too-long-scrape-interval",
                            "--lint=all,none",
                            "--lint-fatal",
                            "--no-lint-fatal",
                            "--ignore-unknown-fields",
                            "--agent",
                            "--query.lookback-delta=1m",
                            "--query.lookback-delta=x",
                            "--query.lookback-delta=0s")),
            Map.entry(
                    "check rules",
                    List.of(
                            "--lint=all",
                            "--lint=none",
                            "--lint=duplicate-rules",
                            "--lint-fatal",
                            "--no-lint-fatal",
                            "--ignore-unknown-fields",
                            "--syntax-only",
                            "--query.lookback-delta=1m",
                            "--agent")),
            Map.entry("check web-config", List.of("--lint=all", "web.yml", "badweb.yml", "web.yml")),
            Map.entry(
                    "check metrics",
                    List.of("--extended", "--no-extended", "--lint=all", "--lint=none", "--lint", "--extended=true")),
            Map.entry(
                    "check service-discovery",
                    List.of(
                            "--timeout=1s",
                            "--timeout=x",
                            "--timeout",
                            "--timeout=0s",
                            "good.yml",
                            "one",
                            "two",
                            "one")),
            Map.entry("query", List.of("instant", "nope", "series", "labels")),
            Map.entry(
                    "query instant",
                    List.of(
                            "http://127.0.0.1:1",
                            "up",
                            "up",
                            "--time=x",
                            "--time=1",
                            "-o",
                            "json",
                            "--format=json",
                            "--format=x",
                            "--http.config.file=none.yml",
                            "--http.config.file=bad.yml",
                            "--header=a=b",
                            "--header=a",
                            "127.0.0.1:1",
                            "nope",
                            ":")),
            Map.entry(
                    "query range",
                    List.of(
                            "http://127.0.0.1:1",
                            "up",
                            "up",
                            "--start=1",
                            "--start=x",
                            "--end=0",
                            "--end=2026-01-01T00:00:00Z",
                            "--step=1s",
                            "--step=0s",
                            "--step=x",
                            "--header=a=b",
                            "--format=json",
                            "ftp://x")),
            Map.entry(
                    "query series",
                    List.of(
                            "http://127.0.0.1:1",
                            "--match=up",
                            "--match=up",
                            "--match=x{",
                            "--match",
                            "--start=1",
                            "--end=x",
                            "--format=json")),
            Map.entry(
                    "query labels",
                    List.of(
                            "http://127.0.0.1:1",
                            "job",
                            "job",
                            "--match=up",
                            "--start=x",
                            "--end=1",
                            "--format=promql")),
            Map.entry("tsdb", List.of("list", "nope", "dump")),
            Map.entry(
                    "tsdb list",
                    List.of("data", "-r", "--human-readable", "--no-human-readable", "none", "-x", "good.yml")),
            Map.entry(
                    "tsdb analyze",
                    List.of(
                            "data",
                            "none",
                            "x",
                            "--limit=1",
                            "--limit=-1",
                            "--limit=x",
                            "--extended",
                            "--match=up",
                            "--match=x{",
                            "--limit=1.5")),
            Map.entry(
                    "tsdb dump",
                    List.of(
                            "data",
                            "none",
                            "--min-time=0",
                            "--min-time=x",
                            "--max-time=1",
                            "--match=up",
                            "--match={",
                            "--sandbox-dir-root=.",
                            "--format=x",
                            "--min-time=9223372036854775808")),
            Map.entry("tsdb dump-openmetrics", List.of("data", "none", "--min-time=0", "--match=up", "--match=x{")),
            Map.entry("tsdb create-blocks-from", List.of("openmetrics", "nope", "rules")),
            Map.entry(
                    "tsdb create-blocks-from openmetrics",
                    List.of(
                            "om.txt",
                            "out",
                            "om.txt",
                            "good.yml",
                            "none",
                            "-r",
                            "-q",
                            "--quiet",
                            "--label=a=b",
                            "--label=a",
                            "--max-block-duration=x"))));

    @TempDir
    private Path folder;

    private CommandResult promtool(String input, List<String> arguments) throws IOException, InterruptedException {
        Path program = Peers.newestPrometheus()
                .map(prometheus -> prometheus.resolveSibling("promtool"))
                .orElseGet(Peers::promtool);
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(arguments);
        return CommandResult.of(command, folder, input.getBytes(StandardCharsets.UTF_8));
    }

    /** In this process, so that files are named by whole paths. */
    private static CommandResult narthex(String input, List<String> arguments) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        Console console = new Console(
                new PrintStream(out, false, StandardCharsets.UTF_8),
                new PrintStream(errors, false, StandardCharsets.UTF_8));
        InputStream in = System.in;
        System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
        int exitCode = 0;
        try (SystemScheduler scheduler = new SystemScheduler("test")) {
            switch (CommandLine.parse(arguments.toArray(String[]::new))) {
                case Command.Print print -> console.print(print.text());
                case Command.CheckMetrics check -> exitCode = new MetricsCheck(console).run(check, System.in);
                case Command.CheckWebConfig check -> exitCode = new WebConfigCheck(console).run(check.files());
                case Command.CheckServiceDiscovery check -> exitCode = new ServiceDiscoveryCheck(console).run(check);
                case Command.Check check -> exitCode = new CheckCommand(console).run(check);
                case Command.Query query -> exitCode = new QueryCommand(console::print, console::printError).run(query);
                case Command.OfTsdb tsdb ->
                    exitCode = new TsdbCommand(scheduler.clock(), console::print, console::printError).run(tsdb);
                default -> throw new IllegalArgumentException(arguments.toString());
            }
        } catch (CommandLineException e) {
            console.printError(e.getMessage() + "\n");
            exitCode = e.exitCode();
        } finally {
            System.setIn(in);
        }
        return new CommandResult(
                exitCode, out.toString(StandardCharsets.UTF_8), errors.toString(StandardCharsets.UTF_8));
    }

    private List<String> line(Random random) {
        String command = List.copyOf(COMMANDS.keySet()).get(random.nextInt(COMMANDS.size()));
        List<String> own = COMMANDS.getOrDefault(command, List.of());
        List<String> line = new ArrayList<>(List.of(command.split(" ", -1)));
        boolean ofFiles = command.startsWith("check config") || command.startsWith("check rules");
        for (int i = random.nextInt(5); i > 0; i--) {
            String word = random.nextInt(12) == 0
                    ? ANYWHERE.get(random.nextInt(ANYWHERE.size()))
                    : ofFiles && random.nextInt(2) == 0
                            ? FILES.get(random.nextInt(FILES.size()))
                            : own.get(random.nextInt(own.size()));
            int at = random.nextInt(8) == 0 ? random.nextInt(line.size() + 1) : line.size();
            boolean isFile = word.startsWith("none") || (!word.isEmpty() && Files.exists(folder.resolve(word)));
            line.add(at, isFile ? folder.resolve(word).toString() : word);
        }
        return line;
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }

    @Test
    void exitCodesAreThoseOfPromtool() throws Exception {
        assumeFalse(PackagedProgram.isExecutable(), "reads command lines in this process");
        write(
                "good.yml",
                "scrape_configs: [{job_name: one, static_configs: [{targets: ['a:1']}]}, {job_name: two, scrape_interval: 9m}]\n");
        write("bad.yml", "scrape_config: []\n");
        write("rules.yml", "groups: [{name: g, rules: [{record: a, expr: b}]}]\n");
        write("twice.yml", "groups: [{name: g, rules: [{record: a, expr: b}, {record: a, expr: b}]}]\n");
        write("badrules.yml", "groups: [{name: g, rules: [{record: a, expr: 'b('}]}]\n");
        write("web.yml", "http_server_config: {http2: false}\n");
        write("badweb.yml", "http_server: {}\n");
        write("om.txt", "# TYPE up gauge\nup 1 1700000000\nup 2 1700000015\n# EOF\n");
        Files.createDirectories(folder.resolve("out"));
        CommandResult made = promtool("", List.of("tsdb", "create-blocks-from", "openmetrics", "om.txt", "data"));
        made.assertSuccess();
        Files.createDirectories(folder.resolve("data/wal"));
        for (String command : COMMANDS.keySet()) {
            for (String help : List.of("--help", "-h")) {
                List<String> line = new ArrayList<>(List.of(command.split(" ", -1)));
                line.add(help);
                assertThat(promtool("", line).exitCode()).as(line.toString()).isZero();
                CommandResult answer = narthex("", line);
                assertThat(answer.exitCode()).as(line.toString()).isZero();
                assertThat(answer.output()).startsWith("usage: narthex " + command);
            }
        }
        Random random = new Seed(Long.getLong(Seed.PROPERTY, 1)).random();
        List<String> inputs = List.of("", "a 1\n", "# HELP a x\n# TYPE a gauge\na 1\n", "groups: []\n", "x x x\n");
        List<String> differences = new ArrayList<>();
        for (int i = 0; i < LINES && differences.size() < MOST_SHOWN; i++) {
            List<String> line = line(random);
            String input = inputs.get(random.nextInt(inputs.size()));
            if (line.getFirst().equals("tsdb") && line.stream().noneMatch(word -> word.startsWith(folder.toString()))) {
                continue; // of the folder that it runs in
            }
            CommandResult expected = promtool(input, line);
            CommandResult actual = narthex(input, line);
            if (actual.exitCode() != expected.exitCode()) {
                differences.add(line + " < " + input.strip() + "\n  theirs " + expected + "\n  ours   " + actual);
            }
        }
        assertThat(String.join("\n", differences)).isEmpty();
    }
}
