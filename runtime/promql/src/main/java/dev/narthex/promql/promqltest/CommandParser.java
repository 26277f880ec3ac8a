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

    private static final Pattern EXPECT_STRING = Pattern.compile("expect\\s+string\\s+(.*)");
    private static final Pattern EXPECT_RANGE =
            Pattern.compile("expect\\s+range\\s+vector\\s+from\\s+(\\S+)\\s+to\\s+(\\S+)\\s+step\\s+(\\S+)");

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
    private List<String> block() {
        List<String> block = new ArrayList<>();
        for (; at < lines.size(); at++) {
            String line = lines.get(at).strip();
            if (line.isEmpty()) {
                break;
            }
            if (!line.startsWith("#")) {
                block.add(line);
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
        return new Command.Load(
                number, PromDuration.parse(matcher.group(2)), matcher.group(1) != null, loaded(block()));
    }

    /** Series, each with the start timestamps of the line before, where that has any. */
    private List<SeriesNotation> loaded(List<String> block) {
        List<SeriesNotation> series = new ArrayList<>();
        StartNotation starts = null;
        for (String line : block) {
            StartNotation next = inFile(line, SeriesNotation::starts);
            if (next != null) {
                requireUsed(starts);
                starts = next;
            } else {
                StartNotation given = starts;
                series.add(inFile(line, text -> {
                    SeriesNotation one = SeriesNotation.parse(text);
                    return given == null ? one : given.startsOf(one);
                }));
                starts = null;
            }
        }
        requireUsed(starts);
        return series;
    }

    private void requireUsed(@Nullable StartNotation starts) {
        if (starts != null) {
            throw new IllegalArgumentException(file + ":" + at + ": start timestamps of " + starts.labels()
                    + " stand alone; expected a line with the values of the series behind them");
        }
    }

    private Command eval(String line) {
        int number = ++at;
        Matcher instant = INSTANT.matcher(line);
        if (instant.matches()) {
            long timeMs = instant.group(2) == null ? 0 : time(instant.group(2));
            return new Command.Eval(
                    number, instant.group(3), timeMs, timeMs, 0, expectation(instant.group(1), block()));
        }
        Matcher range = RANGE.matcher(line);
        if (range.matches()) {
            return new Command.Eval(
                    number,
                    range.group(5),
                    time(range.group(2)),
                    time(range.group(3)),
                    PromDuration.parse(range.group(4)),
                    expectation(range.group(1), block()));
        }
        throw unreadable(number, line);
    }

    private static long time(String text) {
        return text.equals("0") ? 0 : PromDuration.parseAllowNegative(text);
    }

    private Command.Expectation expectation(@Nullable String kind, List<String> block) {
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
        for (String line : block) {
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
                text = ((Expr.StringLiteral) PromqlParser.parse(string.group(1))).value();
            } else if (range.matches()) {
                steps = new Command.Range(
                        time(range.group(1)), time(range.group(2)), PromDuration.parse(range.group(3)));
            } else if (!line.contains(" ") && !line.contains("\t") && !line.contains("{")) {
                scalar = SeriesNotation.number(line);
            } else {
                series.add(series(line));
            }
        }
        return new Command.Expectation(
                fails, failure, failurePattern, ordered, annotations, text, steps, scalar, series);
    }

    private SeriesNotation series(String line) {
        return inFile(line, SeriesNotation::parse);
    }

    /** Reads a line; what is wrong with it is said with its place. */
    private <T extends @Nullable Object> T inFile(String line, Function<String, T> read) {
        try {
            return read.apply(line);
        } catch (IllegalArgumentException | PromqlParseException e) {
            throw new IllegalArgumentException(file + ":" + at + ": " + e.getMessage() + ", in \"" + line + "\"", e);
        }
    }

    private IllegalArgumentException unreadable(int number, String line) {
        return new IllegalArgumentException(file + ":" + number + ": unknown command: " + line);
    }
}
