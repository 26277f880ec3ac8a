// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.offline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.model.time.SystemScheduler;
import dev.narthex.server.PackagedProgram;
import dev.narthex.server.command.Command;
import dev.narthex.server.command.CommandLine;
import dev.narthex.server.command.CommandLineException;
import dev.narthex.testkit.peers.CommandResult;
import dev.narthex.testkit.peers.Peers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;

/** Runs {@code narthex tsdb} and the real promtool on the same directories. */
abstract class PromtoolComparison {
    private static final Pattern MIN_TIME = Pattern.compile("\"minTime\": (-?[0-9]+)");
    /** promtool loses the first histograms of a series, one for each kind of sample that it looks for before. */
    private static final int LOST_HISTOGRAMS = 2;

    final SystemScheduler scheduler = new SystemScheduler("test");

    @AfterEach
    void stop() {
        scheduler.close();
    }

    CommandResult ours(String... arguments) throws IOException, InterruptedException {
        StringBuilder out = new StringBuilder();
        StringBuilder errors = new StringBuilder();
        List<String> line = new ArrayList<>(List.of("tsdb"));
        line.addAll(List.of(arguments));
        if (PackagedProgram.isExecutable()) {
            return PackagedProgram.run(line.toArray(String[]::new));
        }
        int exitCode;
        try {
            Command command = CommandLine.parse(line.toArray(String[]::new));
            exitCode = switch (command) {
                case Command.OfTsdb tsdb -> new TsdbCommand(scheduler.clock(), out::append, errors::append).run(tsdb);
                case Command.Print print -> {
                    out.append(print.text());
                    yield 0;
                }
                default -> throw new AssertionError(command);
            };
        } catch (CommandLineException e) {
            errors.append(e.getMessage());
            exitCode = e.exitCode();
        }
        return new CommandResult(exitCode, out.toString(), errors.toString());
    }

    static CommandResult theirs(String... arguments) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of("tsdb"));
        line.addAll(List.of(arguments));
        return CommandResult.of(Peers.promtool(), line.toArray(String[]::new));
    }

    void assertSame(String... arguments) throws IOException, InterruptedException {
        CommandResult theirs = theirs(arguments).assertSuccess();
        assertThat(ours(arguments).assertSuccess().output()).isEqualTo(theirs.output());
    }

    /** Equal but for the order of equal counts in a list of everything, and of the counts alone in short lists. */
    void assertSameAnalysis(String... arguments) throws IOException, InterruptedException {
        List<String> whole = new ArrayList<>(List.of("analyze", "--limit=100000"));
        whole.addAll(List.of(arguments));
        assertThat(sortedLists(ours(whole.toArray(String[]::new)).assertSuccess()))
                .isEqualTo(sortedLists(theirs(whole.toArray(String[]::new)).assertSuccess()));
        List<String> some = new ArrayList<>(List.of("analyze", "--limit=7"));
        some.addAll(List.of(arguments));
        assertThat(counts(ours(some.toArray(String[]::new)).assertSuccess()))
                .isEqualTo(counts(theirs(some.toArray(String[]::new)).assertSuccess()));
    }

    static List<String> sortedLists(CommandResult result) {
        List<String> all = new ArrayList<>();
        for (String list : result.output().split("\n\n", -1)) {
            all.addAll(
                    list.startsWith("Block ID") || list.contains("[")
                            ? List.of(list)
                            : list.lines().sorted().toList());
        }
        return all;
    }

    static List<String> counts(CommandResult result) {
        return result.output()
                .lines()
                .map(line -> line.matches("\\d+ .*") ? line.split(" ", 2)[0] : line)
                .toList();
    }

    void assertSameSamples(String... arguments) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of("dump"));
        line.addAll(List.of(arguments));
        Set<String> theirs = new HashSet<>(lines(theirs(line.toArray(String[]::new))));
        Map<String, Integer> lost = new HashMap<>();
        List<String> ours = lines(ours(line.toArray(String[]::new)));
        assertThat(ours).isNotEmpty().doesNotHaveDuplicates();
        for (String sample : ours) {
            if (!theirs.remove(sample)) {
                assertThat(sample).contains("} {count:");
                lost.merge(sample.substring(0, sample.indexOf("} {count:")), 1, Integer::sum);
            }
        }
        assertThat(theirs).isEmpty();
        assertThat(lost.values()).allMatch(count -> count <= LOST_HISTOGRAMS);

        line.set(0, "dump-openmetrics");
        List<String> ourLines = lines(ours(line.toArray(String[]::new)));
        assertThat(ourLines.getLast()).isEqualTo("# EOF");
        // The help of promtool says that staleness markers are left out; 3.5 prints them as a NaN. Of a Prometheus they
        // are there where it took longer to stop than two scrapes, then all at one time.
        List<String> theirLines = lines(theirs(line.toArray(String[]::new)));
        assertThat(theirLines).containsAll(ourLines);
        Set<String> known = new HashSet<>(ourLines);
        List<String> markers =
                theirLines.stream().filter(sample -> !known.contains(sample)).toList();
        assertThat(markers).allMatch(sample -> sample.contains("} NaN "));
        assertThat(markers.stream()
                        .filter(sample -> !sample.startsWith("m"))
                        .map(sample -> sample.substring(sample.lastIndexOf(' ')))
                        .distinct())
                .hasSizeLessThanOrEqualTo(1);
        assertThat(ourLines).hasSameSizeAs(known);
    }

    static List<String> lines(CommandResult result) {
        return result.assertSuccess().output().lines().toList();
    }

    static String withoutNames(String text) {
        return text.replaceAll("01[0-9A-Z]{24}", "ULID");
    }

    /** The blocks of a directory in order of time. */
    static List<Path> blocks(Path data) throws IOException {
        TreeMap<Long, Path> blocks = new TreeMap<>();
        try (Stream<Path> files = Files.list(data)) {
            for (Path block : files.filter(file -> !file.endsWith("wal")).toList()) {
                Matcher minTime = MIN_TIME.matcher(Files.readString(block.resolve("meta.json")));
                assertThat(minTime.find()).isTrue();
                blocks.put(Long.valueOf(minTime.group(1)), block);
            }
        }
        return List.copyOf(blocks.values());
    }
}
