// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.command;

import dev.narthex.model.GoFloat;
import dev.narthex.model.PromDuration;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads the command lines of {@code narthex tsdb}, which are those of {@code promtool tsdb}, exit codes included. */
final class TsdbLine {
    private static final String DEFAULT_DIRECTORY = "data/";
    private static final Map<String, String> SHORT = Map.of("-r", "--human-readable", "-q", "--quiet");
    private static final String PROM_FORMAT = "prom";
    private static final Flag HELP = Flag.toggle("help", "Show the flags.");
    private static final Flag HUMAN_READABLE = Flag.toggle("human-readable", "Times and sizes for people; also -r.");

    private static final String USAGE = """
            usage: narthex tsdb COMMAND [FLAGS] [ARGUMENTS]

              list [DIR]                                      list the blocks of a data directory
              analyze [DIR] [BLOCK]                           labels that are many, or come and go
              dump [DIR]                                      print samples, of blocks and log
              dump-openmetrics [DIR]                          the same in the form of OpenMetrics
              create-blocks-from openmetrics FILE [OUT-DIR]   make blocks of samples

            DIR is data/ by default. The commands are those of promtool; none but the last one writes anything.
            """;

    private TsdbLine() {}

    static Command read(List<String> arguments) throws CommandLineException {
        try {
            return command(arguments);
        } catch (CommandLineException e) {
            throw new CommandLineException(CommandLineException.UNREADABLE, String.valueOf(e.getMessage()));
        }
    }

    private static Command command(List<String> arguments) throws CommandLineException {
        String name = arguments.isEmpty() ? "" : arguments.getFirst();
        List<String> rest = arguments.subList(Math.min(1, arguments.size()), arguments.size());
        return switch (name) {
            case "--help", "-h" -> new Command.Print(USAGE);
            case "list" -> list(rest);
            case "analyze" -> analyze(rest);
            case "dump" -> dump(name, rest);
            case "dump-openmetrics" -> dump(name, rest);
            case "create-blocks-from" -> createBlocks(rest);
            default ->
                throw CommandLineException.unreadable("narthex tsdb: no such command, found \"" + name
                        + "\"; there are list, analyze, dump, dump-openmetrics and create-blocks-from openmetrics");
        };
    }

    private static Command list(List<String> arguments) throws CommandLineException {
        FlagSet flags = new FlagSet("tsdb list", List.of(HELP, HUMAN_READABLE));
        FlagValues values = flags.parse(withLongNames(arguments));
        if (values.isOn("help")) {
            return help("list [FLAGS] [DIR]", flags);
        }
        return new Command.ListBlocks(directory("list", values, 1), values.isOn("human-readable"));
    }

    private static Command analyze(List<String> arguments) throws CommandLineException {
        FlagSet flags = new FlagSet(
                "tsdb analyze",
                List.of(
                        HELP,
                        Flag.value("limit", "20", "How many items each list shows."),
                        Flag.toggle("extended", "Look into the chunks, too."),
                        Flag.value("match", "", "Selector of the series to look at.")));
        FlagValues values = flags.parse(arguments);
        if (values.isOn("help")) {
            return help("analyze [FLAGS] [DIR] [BLOCK]", flags);
        }
        return new Command.AnalyzeBlock(
                directory("analyze", values, 2),
                values.arguments().size() > 1 ? values.arguments().get(1) : "",
                limit(values),
                values.isOn("extended"),
                values.text("match"));
    }

    private static Command dump(String name, List<String> arguments) throws CommandLineException {
        FlagSet flags = new FlagSet(
                "tsdb " + name,
                List.of(
                        HELP,
                        Flag.value(
                                "min-time",
                                Long.toString(Long.MIN_VALUE),
                                "First timestamp to print, in milliseconds since 1970."),
                        Flag.value(
                                "max-time",
                                Long.toString(Long.MAX_VALUE),
                                "Last timestamp to print, in milliseconds since 1970."),
                        Flag.repeated("match", "{__name__=~'(?s:.*)'}", "Selector of the series to print."),
                        Flag.withoutEffect(FlagKind.TEXT, "sandbox-dir-root", "")));
        List<Flag> all = new ArrayList<>(flags.flags());
        boolean openMetrics = name.equals("dump-openmetrics");
        if (!openMetrics) {
            all.add(Flag.value(
                    "format", PROM_FORMAT, "How to print: prom for samples, seriesjson for the labels of series."));
        }
        flags = new FlagSet("tsdb " + name, all);
        FlagValues values = flags.parse(joinedTimes(arguments));
        if (values.isOn("help")) {
            return help(name + " [FLAGS] [DIR]", flags);
        }
        return new Command.DumpSamples(
                directory(name, values, 1),
                time("min-time", values),
                time("max-time", values),
                values.all("match"),
                openMetrics ? DumpFormat.OPEN_METRICS : dumpFormat(values));
    }

    private static DumpFormat dumpFormat(FlagValues values) throws CommandLineException {
        return switch (values.text("format")) {
            case PROM_FORMAT -> DumpFormat.SAMPLES;
            case "seriesjson" -> DumpFormat.SERIES;
            default ->
                throw FlagValues.unusable(
                        "format", "prom or seriesjson is needed, found \"" + values.text("format") + "\"");
        };
    }

    private static Command createBlocks(List<String> arguments) throws CommandLineException {
        String format = arguments.isEmpty() ? "" : arguments.getFirst();
        if (!format.equals("openmetrics") && !format.equals("--help") && !format.equals("-h")) {
            throw CommandLineException.unreadable("narthex tsdb create-blocks-from: no such format, found \"" + format
                    + "\"; there is narthex tsdb create-blocks-from openmetrics FILE [OUT-DIR]");
        }
        FlagSet flags = new FlagSet(
                "tsdb create-blocks-from openmetrics",
                List.of(
                        HELP,
                        HUMAN_READABLE,
                        Flag.toggle("quiet", "Do not list the blocks that were made; also -q."),
                        Flag.repeated(
                                "label",
                                "",
                                "Label that every series gets, as in --label=name=value; --label=name= takes one away."),
                        Flag.value(
                                "max-block-duration",
                                "2h",
                                "How much time a block may span: the longest of 2h, 6h, 18h, 54h and so on that"
                                        + " fits.")));
        FlagValues values =
                flags.parse(withLongNames(arguments.subList(format.equals("openmetrics") ? 1 : 0, arguments.size())));
        if (values.isOn("help")) {
            return help("create-blocks-from openmetrics [FLAGS] FILE [OUT-DIR]", flags);
        }
        List<String> given = values.arguments();
        if (given.isEmpty() || given.size() > 2) {
            throw CommandLineException.unreadable(
                    "narthex tsdb create-blocks-from openmetrics: needs a file and perhaps"
                            + " a directory for the blocks, found "
                            + (given.isEmpty() ? "nothing" : String.join(" ", given)));
        }
        return new Command.CreateBlocks(
                Path.of(given.getFirst()),
                Path.of(given.size() > 1 ? given.get(1) : DEFAULT_DIRECTORY),
                labels(values),
                values.isOn("human-readable"),
                values.isOn("quiet"),
                duration(values));
    }

    private static Command help(String usage, FlagSet flags) {
        return new Command.Print(HelpText.of("narthex tsdb " + usage, flags.flags()));
    }

    /** The arguments with the long names of flags in the place of short ones. */
    private static List<String> withLongNames(List<String> arguments) {
        return arguments.stream()
                .map(argument -> SHORT.getOrDefault(argument, argument))
                .toList();
    }

    /** The arguments with the two words {@code --min-time -5} as one: a value must not be taken for a flag. */
    private static List<String> joinedTimes(List<String> arguments) {
        List<String> joined = new ArrayList<>();
        for (String argument : arguments) {
            boolean value = !joined.isEmpty()
                    && (joined.getLast().equals("--min-time")
                            || joined.getLast().equals("--max-time"));
            if (value) {
                joined.set(joined.size() - 1, joined.getLast() + "=" + argument);
            } else {
                joined.add(argument);
            }
        }
        return joined;
    }

    private static Path directory(String command, FlagValues values, int most) throws CommandLineException {
        if (values.arguments().size() > most) {
            throw CommandLineException.unreadable("narthex tsdb " + command + ": unexpected "
                    + values.arguments().get(most) + "; \"narthex tsdb " + command + " --help\" shows how");
        }
        return Path.of(
                values.arguments().isEmpty()
                        ? DEFAULT_DIRECTORY
                        : values.arguments().getFirst());
    }

    private static int limit(FlagValues values) throws CommandLineException {
        String text = values.text("limit");
        try {
            double number = GoFloat.parse(text);
            if (number >= 0 && number <= Integer.MAX_VALUE && number == Math.rint(number)) {
                return (int) number;
            }
        } catch (NumberFormatException _) {
            // Refused below like a number that is too large.
        }
        throw FlagValues.unusable("limit", "no whole number from 0 on, found \"" + text + "\"");
    }

    private static long time(String name, FlagValues values) throws CommandLineException {
        String text = values.text(name);
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException _) {
            throw FlagValues.unusable(name, "no timestamp in milliseconds since 1970, found \"" + text + "\"");
        }
    }

    private static Map<String, String> labels(FlagValues values) throws CommandLineException {
        Map<String, String> labels = new HashMap<>();
        for (String label : values.all("label")) {
            int equals = label.indexOf('=');
            if (values.isGiven("label") && equals < 1) {
                throw FlagValues.unusable("label", "no label, found \"" + label + "\"; write --label=name=value");
            }
            if (equals > 0) {
                labels.put(label.substring(0, equals), label.substring(equals + 1));
            }
        }
        return labels;
    }

    private static Duration duration(FlagValues values) throws CommandLineException {
        String text = values.text("max-block-duration");
        try {
            return Duration.ofMillis(PromDuration.parse(text));
        } catch (IllegalArgumentException e) {
            throw FlagValues.unusable(
                    "max-block-duration", e.getMessage() + "; write whole numbers with units, as in 6h");
        }
    }
}
