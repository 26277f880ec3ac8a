// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads the command lines of {@code narthex check} and {@code narthex relabel}. */
final class CheckLine {
    private static final List<String> LINTS = List.of("all", "duplicate-rules", "none", "too-long-scrape-interval");

    private static final String USAGE = """
            usage: narthex check COMMAND [FLAGS] [ARGUMENTS]

              config FILE...               is a prometheus.yml good, with all files that it names
              rules [FILE...]              are rule files good; without a file, what comes on standard input
              web-config FILE...           are files of --web.config.file good
              metrics                      does an exposition on standard input keep to the conventions
              service-discovery FILE JOB   which targets a job finds

            The commands are those of promtool, exit codes included. "narthex check COMMAND --help" lists the flags.
            """;

    private CheckLine() {}

    /** Wrong command lines end with the exit code that promtool has for them, whatever is wrong. */
    static Command check(List<String> arguments) throws CommandLineException {
        try {
            return read(arguments);
        } catch (CommandLineException e) {
            throw CommandLineException.unreadable(String.valueOf(e.getMessage()));
        }
    }

    private static Command read(List<String> arguments) throws CommandLineException {
        String kind = arguments.isEmpty() ? "" : arguments.getFirst();
        List<String> rest = arguments.isEmpty() ? arguments : arguments.subList(1, arguments.size());
        return switch (kind) {
            case "--help", "-h" -> new Command.Print(USAGE);
            case "config" -> files(kind, Command.CheckKind.CONFIG, rest);
            case "rules" -> files(kind, Command.CheckKind.RULES, rest);
            case "web-config" -> webConfig(rest);
            case "metrics" -> metrics(rest);
            case "service-discovery" -> serviceDiscovery(rest);
            default ->
                throw CommandLineException.unreadable("narthex check: no such command, found \"" + kind
                        + "\"; there are narthex check config FILE..., narthex check rules [FILE...],"
                        + " narthex check web-config FILE..., narthex check metrics and narthex check service-discovery FILE"
                        + " JOB");
        };
    }

    private static Command files(String kind, Command.CheckKind checked, List<String> arguments)
            throws CommandLineException {
        List<Flag> known = new ArrayList<>();
        if (checked == Command.CheckKind.CONFIG) {
            known.add(Flag.toggle("agent", "Check what a Prometheus in agent mode takes."));
        }
        known.addAll(List.of(
                Flag.toggle("help", "Show the flags."),
                Flag.toggle("syntax-only", "Leave the files that a configuration names alone."),
                Flag.value(
                        "lint",
                        "duplicate-rules",
                        "What to look for: all, duplicate-rules, too-long-scrape-interval or none."),
                Flag.toggle("lint-fatal", "Exit with code 3 where something was found."),
                Flag.toggle("ignore-unknown-fields", "Take rule files with fields that are not known."),
                Flag.value(
                        "query.lookback-delta",
                        "5m",
                        "From this scrape interval on, samples go stale before the next one.")));
        FlagSet flags = new FlagSet("check " + kind, known);
        FlagValues values = flags.parse(arguments);
        if (values.isOn("help")) {
            return new Command.Print(HelpText.of("narthex check " + kind + " [FLAGS] FILE...", flags.flags()));
        }
        List<String> lints = Arrays.asList(values.text("lint").split(","));
        if (values.arguments().isEmpty() && checked == Command.CheckKind.CONFIG) {
            throw CommandLineException.unreadable("narthex check config: no file, found nothing; name one or more");
        }
        boolean all = lints.contains("all");
        boolean scrapes = all || lints.contains("too-long-scrape-interval");
        return new Command.Check(
                checked,
                values.arguments(),
                values.isOn("syntax-only"),
                checked == Command.CheckKind.CONFIG && values.isOn("agent"),
                all || lints.contains("duplicate-rules"),
                scrapes ? values.duration("query.lookback-delta") : null,
                values.isOn("lint-fatal"),
                values.isOn("ignore-unknown-fields"),
                lints.stream()
                        .filter(lint -> !lint.isEmpty() && !LINTS.contains(lint))
                        .toList());
    }

    private static Command webConfig(List<String> arguments) throws CommandLineException {
        FlagSet flags = new FlagSet("check web-config", List.of(Flag.toggle("help", "Show the flags.")));
        FlagValues values = flags.parse(arguments);
        if (values.isOn("help")) {
            return new Command.Print(HelpText.of("narthex check web-config FILE...", flags.flags()));
        }
        if (values.arguments().isEmpty()) {
            throw CommandLineException.unreadable("narthex check web-config: no file, found nothing; name one or more");
        }
        return new Command.CheckWebConfig(values.arguments());
    }

    private static Command metrics(List<String> arguments) throws CommandLineException {
        FlagSet flags = new FlagSet(
                "check metrics",
                List.of(
                        Flag.toggle("help", "Show the flags."),
                        Flag.toggle("extended", "Show how many series each metric makes."),
                        Flag.value("lint", "all", "What to look for: all or none.")));
        FlagValues values = flags.parse(arguments);
        if (values.isOn("help")) {
            return new Command.Print(HelpText.of("narthex check metrics [FLAGS] < EXPOSITION", flags.flags()));
        }
        String lint = values.text("lint");
        if (!lint.equals("all") && !lint.equals("none")) {
            throw FlagValues.unusable("lint", "unknown, found \"" + lint + "\"; all and none are there");
        }
        if (!values.arguments().isEmpty()) {
            throw CommandLineException.unreadable("narthex check metrics: takes no file, found \""
                    + values.arguments().getFirst() + "\"; give the exposition on standard input");
        }
        boolean linted = lint.equals("all");
        if (!linted && !values.isOn("extended")) {
            throw CommandLineException.unreadable(
                    "narthex check metrics: nothing to do, found --lint=none; add --extended or leave it out");
        }
        return new Command.CheckMetrics(values.isOn("extended"), linted);
    }

    private static Command serviceDiscovery(List<String> arguments) throws CommandLineException {
        FlagSet flags = new FlagSet(
                "check service-discovery",
                List.of(
                        Flag.toggle("help", "Show the flags."),
                        Flag.value("timeout", "30s", "How long to look for targets.")));
        FlagValues values = flags.parse(arguments);
        if (values.isOn("help")) {
            return new Command.Print(HelpText.of("narthex check service-discovery [FLAGS] FILE JOB", flags.flags()));
        }
        if (values.arguments().size() != 2) {
            throw CommandLineException.unreadable("narthex check service-discovery: needs a prometheus.yml and the name"
                    + " of a job, found " + values.arguments().size() + " arguments");
        }
        return new Command.CheckServiceDiscovery(
                Path.of(values.arguments().get(0)), values.arguments().get(1), values.duration("timeout"));
    }

    static Command relabel(List<String> arguments) throws CommandLineException {
        FlagSet flags = new FlagSet(
                "relabel",
                List.of(
                        Flag.toggle("help", "Show the flags."),
                        Flag.value("job", "", "Name of the scrape configuration whose steps are shown."),
                        Flag.toggle("metrics", "Show the steps of samples rather than those of targets.")));
        FlagValues values = flags.parse(arguments);
        if (values.isOn("help")) {
            return new Command.Print(HelpText.of("narthex relabel FILE --job=NAME [LABEL=VALUE...]", flags.flags()));
        }
        if (values.arguments().isEmpty() || values.text("job").isEmpty()) {
            throw CommandLineException.unreadable(
                    "narthex relabel: needs a prometheus.yml and --job; narthex relabel --help shows how");
        }
        return new Command.Relabel(
                Path.of(values.arguments().getFirst()),
                values.text("job"),
                values.arguments().subList(1, values.arguments().size()),
                values.isOn("metrics"));
    }
}
