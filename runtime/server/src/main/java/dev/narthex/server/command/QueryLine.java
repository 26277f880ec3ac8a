// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.command;

import dev.narthex.model.PromDuration;
import dev.narthex.model.Timestamps;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Reads the command lines of {@code narthex query}. */
final class QueryLine {
    private static final String KINDS =
            "narthex query instant SERVER EXPR, query range SERVER EXPR, query series SERVER, query labels SERVER NAME";

    private static final String USAGE = """
            usage: narthex query COMMAND [FLAGS] SERVER [ARGUMENTS]

              instant SERVER EXPR         the value of an expression at one time
              range SERVER EXPR           its values over a time
              series SERVER --match=...   the series that selectors choose
              labels SERVER NAME          the values of a label

            SERVER is an address such as http://127.0.0.1:9090. "narthex query COMMAND --help" lists the flags.
            """;

    private QueryLine() {}

    /** Wrong command lines end with the exit code that promtool has for them, whatever is wrong. */
    static Command query(List<String> arguments) throws CommandLineException {
        try {
            return read(arguments);
        } catch (CommandLineException e) {
            throw CommandLineException.unreadable(String.valueOf(e.getMessage()));
        }
    }

    private static Command read(List<String> arguments) throws CommandLineException {
        String name = arguments.isEmpty() ? "" : arguments.getFirst();
        if (name.equals("--help") || name.equals("-h")) {
            return new Command.Print(USAGE);
        }
        Command.QueryKind kind = switch (name) {
            case "instant" -> Command.QueryKind.INSTANT;
            case "range" -> Command.QueryKind.RANGE;
            case "series" -> Command.QueryKind.SERIES;
            case "labels" -> Command.QueryKind.LABELS;
            default ->
                throw CommandLineException.unreadable(
                        "narthex query: no such command, found \"" + name + "\"; there are " + KINDS);
        };
        FlagSet flags = new FlagSet("query " + name, flags(kind));
        FlagValues values = flags.parse(arguments.subList(1, arguments.size()).stream()
                .map(argument -> argument.equals("-o") ? "--format" : argument)
                .toList());
        if (values.isOn("help")) {
            return new Command.Print(HelpText.of("narthex query " + name + " [FLAGS] " + usage(kind), flags.flags()));
        }
        List<String> given = values.arguments();
        int expected = kind == Command.QueryKind.SERIES ? 1 : 2;
        if (given.size() != expected) {
            throw CommandLineException.unreadable("narthex query " + name + ": needs " + usage(kind) + ", found "
                    + (given.isEmpty() ? "nothing" : String.join(" ", given)));
        }
        if (kind == Command.QueryKind.SERIES && !values.isGiven("match")) {
            throw CommandLineException.unreadable(
                    "narthex query series: required flag(s) '--match' not provided; give a series selector");
        }
        String config = values.text("http.config.file");
        return new Command.Query(
                kind,
                server(given.getFirst()),
                expected == 1 ? "" : given.get(1),
                json(values),
                config.isEmpty() ? null : Path.of(config),
                headers(values),
                given(values, "match"),
                kind == Command.QueryKind.INSTANT ? time(values, "time") : OptionalLong.empty(),
                kind == Command.QueryKind.INSTANT ? OptionalLong.empty() : time(values, "start"),
                kind == Command.QueryKind.INSTANT ? OptionalLong.empty() : time(values, "end"),
                kind == Command.QueryKind.RANGE ? step(values) : OptionalLong.empty());
    }

    private static String usage(Command.QueryKind kind) {
        return switch (kind) {
            case INSTANT, RANGE -> "SERVER EXPR";
            case SERIES -> "SERVER";
            case LABELS -> "SERVER NAME";
        };
    }

    private static List<Flag> flags(Command.QueryKind kind) {
        List<Flag> flags = new ArrayList<>(List.of(
                Flag.toggle("help", "Show the flags."),
                Flag.value("format", "promql", "What to print: promql or json. In short -o."),
                Flag.value(
                        "http.config.file", "", "A file with the options of http_config: TLS, credentials, proxies."),
                Flag.repeated("header", "", "NAME=VALUE, sent with the request.")));
        if (kind == Command.QueryKind.INSTANT) {
            flags.add(Flag.value("time", "", "When: RFC 3339 or Unix seconds; now by default."));
            return flags;
        }
        flags.add(Flag.value("start", "", "First moment: RFC 3339 or Unix seconds."));
        flags.add(Flag.value("end", "", "Last moment: RFC 3339 or Unix seconds."));
        flags.add(
                kind == Command.QueryKind.RANGE
                        ? Flag.value("step", "", "Between two values, as in 30s; a 250th of the range by default.")
                        : Flag.repeated("match", "", "Selector of the series that are looked at."));
        return flags;
    }

    private static URI server(String text) throws CommandLineException {
        try {
            URI server = new URI(text);
            if (("http".equals(server.getScheme()) || "https".equals(server.getScheme())) && server.getHost() != null) {
                return server;
            }
        } catch (URISyntaxException _) {
            // Told below.
        }
        throw CommandLineException.unreadable("narthex query: SERVER is no address of a server, found \"" + text
                + "\"; write it as http://127.0.0.1:9090");
    }

    private static boolean json(FlagValues values) throws CommandLineException {
        String format = values.text("format");
        return switch (format) {
            case "json" -> true;
            case "promql" -> false;
            default ->
                throw CommandLineException.unreadable(
                        "narthex query: --format: unknown, found \"" + format + "\"; promql and json are there");
        };
    }

    private static List<String> given(FlagValues values, String name) {
        return values.isGiven(name) ? values.all(name) : List.of();
    }

    private static Map<String, String> headers(FlagValues values) throws CommandLineException {
        Map<String, String> headers = new LinkedHashMap<>();
        for (String header : given(values, "header")) {
            int equals = header.indexOf('=');
            if (equals <= 0) {
                throw CommandLineException.unreadable(
                        "narthex query: --header: no NAME=VALUE, found \"" + header + "\"");
            }
            headers.put(header.substring(0, equals), header.substring(equals + 1));
        }
        return headers;
    }

    private static OptionalLong time(FlagValues values, String name) throws CommandLineException {
        String text = values.text(name);
        if (text.isEmpty()) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Timestamps.parse(text));
        } catch (IllegalArgumentException _) {
            throw CommandLineException.unreadable("narthex query: --" + name + ": no time, found \"" + text
                    + "\"; write RFC 3339, as in 2026-01-31T08:00:00Z, or Unix seconds");
        }
    }

    private static OptionalLong step(FlagValues values) throws CommandLineException {
        String text = values.text("step");
        if (text.isEmpty()) {
            return OptionalLong.empty();
        }
        try {
            long stepMs = PromDuration.parse(text);
            if (stepMs > 0) {
                return OptionalLong.of(stepMs);
            }
        } catch (IllegalArgumentException _) {
            // Told below.
        }
        throw CommandLineException.unreadable("narthex query: --step: no duration above zero, found \"" + text
                + "\"; write whole numbers with units, as in 30s");
    }
}
