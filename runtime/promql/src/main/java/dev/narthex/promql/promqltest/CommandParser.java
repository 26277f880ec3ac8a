// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.promqltest;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a test file into commands. */
final class CommandParser {
    private static final Pattern LOAD = Pattern.compile("(?i)load(_with_nhcb)?\\s+(\\S+)");
    private static final Pattern INSTANT =
            Pattern.compile("(?i)eval(?:_(fail|warn|ordered|info))?\\s+instant\\s+(?:at\\s+(\\S+)\\s+)?(\\S.*)");
    private static final Pattern RANGE = Pattern.compile(
            "(?i)eval(?:_(fail|warn|info))?\\s+range\\s+from\\s+(\\S+)\\s+to\\s+(\\S+)\\s+step\\s+(\\S+)\\s+(\\S.*)");
    /** The first line of a command: it ends the block of the command before, also without an empty line between. */
    private static final Pattern COMMAND =
            Pattern.compile("(?i)clear|load(?:_with_nhcb)?\\s+\\S+|eval(?:_[a-z]+)?\\s+(?:instant|range)\\s.*");

    private final String file;
    private final List<String> lines;
    private int at;

    private CommandParser(String file, List<String> lines) {
        this.file = file;
        this.lines = lines;
    }

    static List<Command> parse(String file, List<String> lines) {
        return new CommandParser(file, lines).commands();
    }

    private List<Command> commands() {
        List<Command> commands = new ArrayList<>();
        while (at < lines.size()) {
            TestLine line = line();
            at++;
            if (line.text().isEmpty() || line.text().startsWith("#")) {
                continue;
            }
            List<TestLine> block = line.text().equalsIgnoreCase("clear") ? List.of() : block();
            try {
                commands.add(command(line, block));
            } catch (IllegalArgumentException e) {
                commands.add(new Command.Unreadable(line.number(), e));
            }
        }
        return commands;
    }

    private TestLine line() {
        return new TestLine(file, at + 1, lines.get(at).strip());
    }

    /** The lines that belong to the command before; comments are left out. */
    private List<TestLine> block() {
        List<TestLine> block = new ArrayList<>();
        for (; at < lines.size(); at++) {
            TestLine line = line();
            if (line.text().isEmpty() || COMMAND.matcher(line.text()).matches()) {
                break;
            }
            if (!line.text().startsWith("#")) {
                block.add(line);
            }
        }
        return block;
    }

    private static Command command(TestLine line, List<TestLine> block) {
        Matcher load = LOAD.matcher(line.text());
        Matcher instant = INSTANT.matcher(line.text());
        Matcher range = RANGE.matcher(line.text());
        if (line.text().equalsIgnoreCase("clear")) {
            return new Command.Clear(line.number());
        }
        if (load.matches()) {
            return new Command.Load(line.number(), line.step(load.group(2)), load.group(1) != null, loaded(block));
        }
        if (instant.matches()) {
            long timeMs = instant.group(2) == null ? 0 : line.time(instant.group(2));
            Command.Expectation expectation = ExpectationParser.parse(line, true, kind(instant), block);
            return new Command.Eval(line.number(), instant.group(3), timeMs, timeMs, 0, expectation);
        }
        if (range.matches()) {
            return new Command.Eval(
                    line.number(),
                    range.group(5),
                    line.time(range.group(2)),
                    line.time(range.group(3)),
                    line.step(range.group(4)),
                    ExpectationParser.parse(line, false, kind(range), block));
        }
        throw line.error("unknown command: " + line.text()
                + "; expected load, load_with_nhcb, clear, \"eval instant at TIME QUERY\" or"
                + " \"eval range from TIME to TIME step DURATION QUERY\"");
    }

    private static @Nullable String kind(Matcher eval) {
        String kind = eval.group(1);
        return kind == null ? null : kind.toLowerCase(Locale.ROOT);
    }

    /** Series, each with the start timestamps of the line before, where that has any. */
    private static List<SeriesNotation> loaded(List<TestLine> block) {
        List<SeriesNotation> series = new ArrayList<>();
        StartNotation starts = null;
        TestLine startsLine = null;
        for (TestLine line : block) {
            StartNotation next = line.read(SeriesNotation::starts);
            if (next != null) {
                requireUsed(starts, startsLine);
                starts = next;
                startsLine = line;
            } else {
                StartNotation given = starts;
                series.add(line.read(text -> {
                    SeriesNotation one = SeriesNotation.parse(text);
                    return given == null ? one : given.startsOf(one);
                }));
                starts = null;
            }
        }
        requireUsed(starts, startsLine);
        return series;
    }

    private static void requireUsed(@Nullable StartNotation starts, @Nullable TestLine line) {
        if (starts != null && line != null) {
            throw line.error("start timestamps of " + starts.labels()
                    + " stand alone; expected a line with the values of the series behind them");
        }
    }
}
