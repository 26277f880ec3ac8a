// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.promqltest;

import dev.narthex.model.PromDuration;
import dev.narthex.promql.syntax.Expr;
import dev.narthex.promql.syntax.PromqlParseException;
import dev.narthex.promql.syntax.PromqlParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
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
    private static final Pattern EXPECT =
            Pattern.compile("expect\\s+(ordered|fail|warn|info|no_warn|no_info)(?:\\s+(msg|regex):\\s*(.*))?");
    /** How failures were expected before there was {@code expect}. */
    private static final Pattern EXPECTED_FAILURE = Pattern.compile("expected_fail_(message|regexp)\\s+(.*)");

    /** The first line of a command: it ends the block of the command before, also without an empty line between. */
    private static final Pattern COMMAND =
            Pattern.compile("(?i)clear|load(?:_with_nhcb)?\\s+\\S+|eval(?:_[a-z]+)?\\s+(?:instant|range)\\s.*");

    private static final Pattern EXPECT_STRING = Pattern.compile("expect\\s+string\\s+(.*)");
    private static final Pattern EXPECT_RANGE =
            Pattern.compile("expect\\s+range\\s+vector\\s+from\\s+(\\S+)\\s+to\\s+(\\S+)\\s+step\\s+(\\S+)");

    private final String file;
    private final List<String> lines;
    private int at;

    /** A line of a block, with its number from 1 on. */
    private record Line(int number, String text) {}

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
            String line = lines.get(at).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                at++;
            } else if (line.equalsIgnoreCase("clear")) {
                commands.add(new Command.Clear(++at));
            } else if (line.toLowerCase(Locale.ROOT).startsWith("load")) {
                commands.add(load(line));
            } else {
                commands.add(eval(line));
            }
        }
        return commands;
    }

    /** The lines that belong to the command before; comments are left out. */
    private List<Line> block() {
        List<Line> block = new ArrayList<>();
        for (; at < lines.size(); at++) {
            String line = lines.get(at).strip();
            if (line.isEmpty() || COMMAND.matcher(line).matches()) {
                break;
            }
            if (!line.startsWith("#")) {
                block.add(new Line(at + 1, line));
            }
        }
        return block;
    }

    private Command load(String line) {
        int number = ++at;
        Matcher matcher = LOAD.matcher(line);
        if (!matcher.matches()) {
            throw unreadable(number, line);
        }
        return new Command.Load(number, step(number, matcher.group(2)), matcher.group(1) != null, loaded(block()));
    }

    /** Series, each with the start timestamps of the line before, where that has any. */
    private List<SeriesNotation> loaded(List<Line> block) {
        List<SeriesNotation> series = new ArrayList<>();
        StartNotation starts = null;
        int startsLine = 0;
        for (Line line : block) {
            StartNotation next = inFile(line, SeriesNotation::starts);
            if (next != null) {
                requireUsed(starts, startsLine);
                starts = next;
                startsLine = line.number();
            } else {
                StartNotation given = starts;
                series.add(inFile(line, text -> {
                    SeriesNotation one = SeriesNotation.parse(text);
                    return given == null ? one : given.startsOf(one);
                }));
                starts = null;
            }
        }
        requireUsed(starts, startsLine);
        return series;
    }

    private void requireUsed(@Nullable StartNotation starts, int number) {
        if (starts != null) {
            throw new IllegalArgumentException(file + ":" + number + ": start timestamps of " + starts.labels()
                    + " stand alone; expected a line with the values of the series behind them");
        }
    }

    private Command eval(String line) {
        int number = ++at;
        Matcher instant = INSTANT.matcher(line);
        if (instant.matches()) {
            long timeMs = instant.group(2) == null ? 0 : time(number, instant.group(2));
            return new Command.Eval(
                    number, instant.group(3), timeMs, timeMs, 0, expectation(instant.group(1), block()));
        }
        Matcher range = RANGE.matcher(line);
        if (range.matches()) {
            return new Command.Eval(
                    number,
                    range.group(5),
                    time(number, range.group(2)),
                    time(number, range.group(3)),
                    step(number, range.group(4)),
                    expectation(range.group(1), block()));
        }
        throw unreadable(number, line);
    }

    private long time(int number, String text) {
        try {
            return text.equals("0") ? 0 : PromDuration.parseAllowNegative(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ":" + number + ": " + e.getMessage(), e);
        }
    }

    private long step(int number, String text) {
        long stepMs = time(number, text);
        if (stepMs <= 0) {
            throw new IllegalArgumentException(
                    file + ":" + number + ": step " + text + "; expected a duration greater than 0");
        }
        return stepMs;
    }

    private Command.Expectation expectation(@Nullable String kind, List<Line> block) {
        boolean fails = "fail".equals(kind);
        boolean ordered = "ordered".equals(kind);
        String failure = null;
        String failurePattern = null;
        String text = null;
        Command.Range steps = null;
        Double scalar = null;
        List<Command.Annotation> annotations = new ArrayList<>();
        if (kind != null && (kind.equals("warn") || kind.equals("info"))) {
            annotations.add(new Command.Annotation(kind, null, null));
        }
        List<SeriesNotation> series = new ArrayList<>();
        for (Line each : block) {
            String line = each.text();
            Matcher expect = EXPECT.matcher(line);
            Matcher string = EXPECT_STRING.matcher(line);
            Matcher expectedFailure = EXPECTED_FAILURE.matcher(line);
            Matcher range = EXPECT_RANGE.matcher(line);
            if (expect.matches()) {
                boolean pattern = "regex".equals(expect.group(2));
                String message = pattern ? null : expect.group(3);
                String regex = pattern ? expect.group(3) : null;
                switch (expect.group(1)) {
                    case "ordered" -> ordered = true;
                    case "fail" -> {
                        fails = true;
                        failure = message;
                        failurePattern = regex;
                    }
                    default -> annotations.add(new Command.Annotation(expect.group(1), message, regex));
                }
            } else if (expectedFailure.matches()) {
                fails = true;
                if (expectedFailure.group(1).equals("message")) {
                    failure = expectedFailure.group(2);
                } else {
                    failurePattern = expectedFailure.group(2);
                }
            } else if (string.matches()) {
                text = inFile(each, _ -> string(string.group(1)));
            } else if (range.matches()) {
                steps = new Command.Range(
                        time(each.number(), range.group(1)),
                        time(each.number(), range.group(2)),
                        step(each.number(), range.group(3)));
            } else if (!line.contains(" ") && !line.contains("\t") && !line.contains("{")) {
                scalar = inFile(each, SeriesNotation::number);
            } else {
                series.add(inFile(each, SeriesNotation::parse));
            }
        }
        return new Command.Expectation(
                fails, failure, failurePattern, ordered, annotations, text, steps, scalar, series);
    }

    private static String string(String literal) {
        if (PromqlParser.parse(literal) instanceof Expr.StringLiteral string) {
            return string.value();
        }
        throw new IllegalArgumentException("expected a string in quotes behind \"expect string\"");
    }

    /** Reads a line; what is wrong with it is said with its place. */
    private <T extends @Nullable Object> T inFile(Line line, Function<String, T> read) {
        try {
            return read.apply(line.text());
        } catch (IllegalArgumentException | PromqlParseException e) {
            throw new IllegalArgumentException(
                    file + ":" + line.number() + ": " + e.getMessage() + ", in \"" + line.text() + "\"", e);
        }
    }

    private IllegalArgumentException unreadable(int number, String line) {
        return new IllegalArgumentException(file + ":" + number + ": unknown command: " + line);
    }
}
