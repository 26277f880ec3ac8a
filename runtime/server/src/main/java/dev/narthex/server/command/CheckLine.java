// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.command;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Reads the command lines of {@code narthex check} and {@code narthex relabel}. */
final class CheckLine {
    private static final List<String> LINTS = List.of("all", "duplicate-rules", "none", "too-long-scrape-interval");

    private CheckLine() {}

    static Command check(List<String> arguments) throws CommandLineException {
        String kind = arguments.isEmpty() ? "" : arguments.getFirst();
        Command.CheckKind checked = switch (kind) {
            case "config" -> Command.CheckKind.CONFIG;
            case "rules" -> Command.CheckKind.RULES;
            default ->
                throw CommandLineException.unreadable("narthex check: no such command, found \"" + kind
                        + "\"; there are narthex check config FILE... and narthex check rules [FILE...]");
        };
        FlagSet flags = new FlagSet(
                "check " + kind,
                List.of(
                        Flag.toggle("help", "Show the flags."),
                        Flag.toggle("syntax-only", "Leave the files that a configuration names alone."),
                        Flag.value(
                                "lint",
                                "duplicate-rules",
                                "What to look for: all, duplicate-rules, too-long-scrape-interval or none."),
                        Flag.toggle("lint-fatal", "Exit with code 3 where something was found.")));
        FlagValues values = flags.parse(arguments.subList(1, arguments.size()));
        if (values.isOn("help")) {
            return new Command.Print(HelpText.of("narthex check " + kind + " [FLAGS] FILE...", flags.flags()));
        }
        List<String> lints = Arrays.asList(values.text("lint").split(","));
        if (!LINTS.containsAll(lints)) {
            throw FlagValues.unusable(
                    "lint",
                    "unknown, found \"" + values.text("lint") + "\"; " + String.join(", ", LINTS) + " are there");
        }
        if (values.arguments().isEmpty() && checked == Command.CheckKind.CONFIG) {
            throw CommandLineException.unreadable("narthex check config: no file, found nothing; name one or more");
        }
        boolean duplicates = lints.contains("all") || lints.contains("duplicate-rules");
        return new Command.Check(
                checked, values.arguments(), values.isOn("syntax-only"), duplicates, values.isOn("lint-fatal"));
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
