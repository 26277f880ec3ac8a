// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.command;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.narthex.config.file.ByteSize;
import dev.narthex.config.yaml.NearName;
import dev.narthex.model.PromDuration;
import dev.narthex.server.build.BuildVersion;
import dev.narthex.server.command.ConfigurationOptions.OfFiles;
import dev.narthex.server.command.ConfigurationOptions.OfSecrets;
import dev.narthex.server.demo.DemoOptions;
import dev.narthex.server.http.HttpLimits;
import dev.narthex.server.http.ListenAddress;
import dev.narthex.server.receiver.PrintingReceiver;
import dev.narthex.tsdb.Retention;
import dev.narthex.tsdb.wal.WalCompression;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the command line of the program into a {@link Command}. */
public final class CommandLine {
    private static final String DEFAULT_DIRECTORY = "examples/getting-started";
    private static final List<String> LEVELS = List.of("debug", "info", "warn", "error");
    private static final List<String> COMMANDS = List.of(
            "run",
            "up",
            "demo",
            "receiver",
            "config render",
            "promqltest",
            "check",
            "relabel",
            "tsdb",
            "query",
            "version",
            "help");

    private CommandLine() {}

    /**
     * Reads a command line. One that begins with a flag is that of {@code run}, so that Prometheus' command lines work
     * as they are.
     *
     * @throws CommandLineException when it cannot be run; the message is for the user
     */
    public static Command parse(String... arguments) throws CommandLineException {
        List<String> all = Arrays.asList(arguments);
        if (all.isEmpty()) {
            return new Command.Print(HelpText.commands());
        }
        String command = all.getFirst();
        if (command.startsWith("-")) {
            return isHelp(command) ? new Command.Print(HelpText.commands()) : run(all);
        }
        List<String> rest = all.subList(1, all.size());
        return switch (command) {
            case "run" -> run(rest);
            case "up" -> up(rest);
            case "demo" -> demo(rest);
            case "receiver" -> receiver(rest);
            case "config" -> config(rest);
            case "promqltest" -> promqlTest(rest);
            case "check" -> CheckLine.check(rest);
            case "relabel" -> CheckLine.relabel(rest);
            case "tsdb" -> TsdbLine.read(rest);
            case "query" -> QueryLine.query(rest);
            case "version" -> new Command.Print(BuildVersion.text());
            case "help" -> new Command.Print(HelpText.commands());
            default ->
                throw CommandLineException.unreadable(
                        "narthex: unknown command, found \"" + command + "\"" + NearName.hint(command, COMMANDS));
        };
    }

    private static boolean isHelp(String argument) {
        return argument.equals("--help") || argument.equals("-h");
    }

    private static Command run(List<String> arguments) throws CommandLineException {
        FlagSet flags = new FlagSet("run", RunFlags.ofRun());
        FlagValues values = flags.parse(arguments);
        if (values.isOn("help")) {
            return new Command.Print(HelpText.of("narthex run [FLAGS]", flags.flags()));
        }
        if (values.isOn("version")) {
            return new Command.Print(BuildVersion.text());
        }
        requireNoArguments("run", values);
        values.refuseUnsupported();
        ServerOptions server = server(values);
        List<String> withoutEffect = new ArrayList<>(values.withoutEffect());
        withoutEffect.addAll(server.features().withoutEffect());
        return new Command.Run(server, configuration(values), withoutEffect);
    }

    private static ConfigurationOptions configuration(FlagValues values) throws CommandLineException {
        String namespace = values.text("kubernetes.config-namespace");
        String name = values.text("kubernetes.config-name");
        Path mounted = path(values.text("kubernetes.config-dir"));
        if (namespace.isEmpty() && name.isEmpty()) {
            if (mounted != null) {
                throw FlagValues.unusable(
                        "kubernetes.config-dir",
                        "needs --kubernetes.config-namespace and --kubernetes.config-name, found neither");
            }
            boolean reloads = values.isOn("config.auto-reload")
                    || FeatureFlags.read(values).autoReload();
            return new OfFiles(
                    Path.of(values.text("config.file")),
                    path(values.text("alertmanager.config.file")),
                    reloads ? values.duration("config.auto-reload-interval") : Duration.ZERO);
        }
        if (namespace.isEmpty() || name.isEmpty()) {
            throw FlagValues.unusable(
                    namespace.isEmpty() ? "kubernetes.config-namespace" : "kubernetes.config-name",
                    "missing, found only the other; give both or none");
        }
        for (String other : List.of("config.file", "alertmanager.config.file", "config.auto-reload")) {
            if (values.isGiven(other)) {
                throw FlagValues.unusable(
                        other, "the configuration comes from Secrets already; leave out this flag or those");
            }
        }
        return new OfSecrets(namespace, name, mounted);
    }

    private static @Nullable Path path(String text) {
        return text.isEmpty() ? null : Path.of(text);
    }

    private static Command up(List<String> arguments) throws CommandLineException {
        List<Flag> all = new ArrayList<>();
        all.add(Flag.toggle("help", "Show the flags."));
        all.add(Flag.value(
                "demo.listen-address", "127.0.0.1:" + DemoOptions.DEFAULT_PORT, "Where the demo service listens."));
        all.add(Flag.value(
                "receiver.listen-address",
                "127.0.0.1:" + PrintingReceiver.DEFAULT_PORT,
                "Where the printing receiver listens."));
        all.addAll(faultFlags());
        all.addAll(RemoteWriteFlags.all());
        all.addAll(RemoteReadFlags.all());
        for (Flag flag : RunFlags.ofServer()) {
            all.add(
                    switch (flag.name()) {
                        case "web.listen-address" -> Flag.repeated(flag.name(), "127.0.0.1:9090", flag.help());
                        case "storage.tsdb.path" ->
                            Flag.value(flag.name(), "", flag.help() + " DIR/.narthex/data by default.");
                        default -> flag;
                    });
        }
        FlagSet flags = new FlagSet("up", all);
        FlagValues values = flags.parse(arguments);
        if (values.isOn("help")) {
            return new Command.Print(HelpText.of("narthex up [DIR] [FLAGS]", flags.flags()));
        }
        if (values.arguments().size() > 1) {
            throw CommandLineException.unreadable("narthex up: one directory at most, found "
                    + String.join(" ", values.arguments()) + "; put the manifests into one");
        }
        Path directory = Path.of(
                values.arguments().isEmpty()
                        ? DEFAULT_DIRECTORY
                        : values.arguments().getFirst());
        return new Command.Up(
                server(values, directory.resolve(".narthex").resolve("data")),
                directory,
                demoOptions(values, "demo.listen-address"),
                values.addresses("receiver.listen-address").getFirst());
    }

    private static List<Flag> faultFlags() {
        return List.of(
                Flag.value(
                        "fault-after",
                        DemoOptions.DEFAULT_FAULT_AFTER,
                        "When after the start the demo's first fault begins."),
                Flag.value("fault-for", DemoOptions.DEFAULT_FAULT_FOR, "How long it lasts; 0 for no fault."),
                Flag.value("seed", "1", "Seed of the demo's random traffic."));
    }

    private static DemoOptions demoOptions(FlagValues values, String addressFlag) throws CommandLineException {
        return new DemoOptions(
                values.addresses(addressFlag).getFirst(),
                values.duration("fault-after"),
                values.duration("fault-for"),
                values.positive("seed"));
    }

    private static Command demo(List<String> arguments) throws CommandLineException {
        List<Flag> all = new ArrayList<>();
        all.add(Flag.toggle("help", "Show the flags."));
        all.add(Flag.value("listen", "127.0.0.1:" + DemoOptions.DEFAULT_PORT, "Address to listen on."));
        all.addAll(faultFlags());
        FlagSet flags = new FlagSet("demo", all);
        FlagValues values = flags.parse(arguments);
        requireNoArguments("demo", values);
        return values.isOn("help")
                ? new Command.Print(HelpText.of("narthex demo [FLAGS]", flags.flags()))
                : new Command.Demo(demoOptions(values, "listen"));
    }

    private static Command receiver(List<String> arguments) throws CommandLineException {
        FlagSet flags = new FlagSet(
                "receiver",
                List.of(
                        Flag.toggle("help", "Show the flags."),
                        Flag.value("listen", "127.0.0.1:" + PrintingReceiver.DEFAULT_PORT, "Address to listen on.")));
        FlagValues values = flags.parse(arguments);
        requireNoArguments("receiver", values);
        ListenAddress address = values.addresses("listen").getFirst();
        return values.isOn("help")
                ? new Command.Print(HelpText.of("narthex receiver [FLAGS]", flags.flags()))
                : new Command.Receiver(address);
    }

    private static Command config(List<String> arguments) throws CommandLineException {
        if (!arguments.isEmpty() && isHelp(arguments.getFirst())) {
            return new Command.Print("usage: narthex config render [DIR] [FLAGS], --help lists the flags\n");
        }
        if (arguments.isEmpty() || !arguments.getFirst().equals("render")) {
            throw CommandLineException.unreadable("narthex config: no such command, found \""
                    + String.join(" ", arguments) + "\"; there is narthex config render [DIR]");
        }
        FlagSet flags = new FlagSet(
                "config render",
                List.of(
                        Flag.toggle("help", "Show the flags."),
                        Flag.value("format", "prometheus", "What to print: prometheus, rules or alertmanager.")));
        FlagValues values = flags.parse(arguments.subList(1, arguments.size()));
        if (values.isOn("help")) {
            return new Command.Print(HelpText.of("narthex config render [DIR] [FLAGS]", flags.flags()));
        }
        String wanted = values.text("format");
        for (Command.Format format : Command.Format.values()) {
            if (format.text().equals(wanted)) {
                String directory = values.arguments().isEmpty()
                        ? DEFAULT_DIRECTORY
                        : values.arguments().getFirst();
                return new Command.Render(Path.of(directory), format);
            }
        }
        throw FlagValues.unusable(
                "format", "unknown, found \"" + wanted + "\"; prometheus, rules and alertmanager are there");
    }

    private static Command promqlTest(List<String> arguments) throws CommandLineException {
        FlagSet flags = new FlagSet("promqltest", List.of(Flag.toggle("help", "Show the flags.")));
        FlagValues values = flags.parse(arguments);
        if (values.isOn("help")) {
            return new Command.Print(HelpText.of("narthex promqltest FILE...", flags.flags()));
        }
        if (values.arguments().isEmpty()) {
            throw CommandLineException.unreadable(
                    "narthex promqltest: no file, found nothing; name one or more files of tests");
        }
        return new Command.PromqlTest(values.arguments().stream().map(Path::of).toList());
    }

    private static void requireNoArguments(String command, FlagValues values) throws CommandLineException {
        if (!values.arguments().isEmpty()) {
            throw CommandLineException.unreadable(
                    "narthex " + command + ": unexpected " + values.arguments().getFirst()
                            + "; it takes flags only, \"narthex " + command + " --help\" lists them");
        }
    }

    private static ServerOptions server(FlagValues values) throws CommandLineException {
        return server(values, Path.of(values.text("storage.tsdb.path")));
    }

    private static ServerOptions server(FlagValues values, Path defaultDirectory) throws CommandLineException {
        String directory = values.text("storage.tsdb.path");
        String level = values.text("log.level");
        if (!LEVELS.contains(level)) {
            throw FlagValues.unusable(
                    "log.level", "unknown, found \"" + level + "\"; " + String.join(", ", LEVELS) + " are there");
        }
        Duration queryTimeout = values.duration("query.timeout");
        String externalUrl = externalUrl(values);
        String routePrefix = routePrefix(values, externalUrl);
        Duration retention = retention(values);
        StorageTuning tuning = StorageTuning.read(values, retention);
        return new ServerOptions(
                values.addresses("web.listen-address"),
                new HttpLimits(values.positive("web.max-connections"), values.duration("web.read-timeout")),
                externalUrl,
                routePrefix,
                values.isOn("web.enable-lifecycle"),
                values.text("web.page-title"),
                origin(values),
                directory.isEmpty() ? defaultDirectory : Path.of(directory),
                retention,
                values.isGiven("storage.tsdb.retention.time"),
                retentionBytes(values),
                walCompression(values),
                values.isOn("web.enable-admin-api"),
                FeatureFlags.read(values),
                values.duration("query.lookback-delta"),
                queryTimeout,
                values.positive("query.max-concurrency"),
                values.positive("query.max-samples"),
                values.duration("rules.alert.for-outage-tolerance"),
                values.duration("rules.alert.for-grace-period"),
                values.duration("rules.alert.resend-delay"),
                level,
                jsonLog(values),
                FeatureFlags.read(values).autoReload() || values.isOnIfThere("config.auto-reload"),
                RemoteWriteFlags.read(values),
                RemoteReadFlags.read(values),
                path(values.text("web.config.file")),
                values.natural("web.max-notifications-subscribers"),
                values.natural("web.search.max-limit"),
                tuning,
                ScrapeTuning.toleranceMs(values),
                shown(values, routePrefix, tuning));
    }

    /** What Prometheus shows as worked out from other flags is shown so here. */
    private static Map<String, String> shown(FlagValues values, String routePrefix, StorageTuning tuning) {
        Map<String, String> shown = values.shown();
        shown.put("web.route-prefix", routePrefix.isEmpty() ? "/" : routePrefix);
        if (values.has(StorageTuning.MAX_BLOCK)) {
            shown.put(
                    StorageTuning.MAX_BLOCK,
                    PromDuration.format(tuning.maxBlockRange().toMillis()));
        }
        return shown;
    }

    private static boolean jsonLog(FlagValues values) throws CommandLineException {
        String format = values.text("log.format");
        return switch (format) {
            case "json" -> true;
            case "logfmt" -> false;
            default ->
                throw FlagValues.unusable("log.format", "unknown, found \"" + format + "\"; logfmt, json are there");
        };
    }

    /** The time; with a limit of bytes alone there is none, as in Prometheus. */
    private static Duration retention(FlagValues values) throws CommandLineException {
        boolean bySizeAlone =
                !values.isGiven("storage.tsdb.retention.time") && retentionBytes(values) != Long.MAX_VALUE;
        return bySizeAlone ? Retention.WITHOUT_END : values.duration("storage.tsdb.retention.time");
    }

    private static WalCompression walCompression(FlagValues values) throws CommandLineException {
        String type = values.text("storage.tsdb.wal-compression-type");
        WalCompression compression = switch (type) {
            case "snappy" -> WalCompression.SNAPPY;
            case "zstd" -> WalCompression.ZSTANDARD;
            default ->
                throw FlagValues.unusable(
                        "storage.tsdb.wal-compression-type",
                        "unknown, found \"" + type + "\"; snappy and zstd are there");
        };
        return values.isOn("storage.tsdb.wal-compression") ? compression : WalCompression.NONE;
    }

    private static long retentionBytes(FlagValues values) throws CommandLineException {
        String text = values.text("storage.tsdb.retention.size");
        try {
            long bytes = ByteSize.parse(text);
            return bytes <= 0 ? Long.MAX_VALUE : bytes;
        } catch (IllegalArgumentException e) {
            throw FlagValues.unusable(
                    "storage.tsdb.retention.size",
                    "no size, " + e.getMessage() + ", found \"" + text + "\"; write 512MB");
        }
    }

    private static String externalUrl(FlagValues values) throws CommandLineException {
        String text = values.text("web.external-url");
        if (text.isEmpty()) {
            return "";
        }
        try {
            URI uri = new URI(text);
            if (uri.getHost() != null && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
                return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
            }
        } catch (URISyntaxException _) {
            // Refused below like a URL of another scheme.
        }
        throw FlagValues.unusable(
                "web.external-url", "no URL, found \"" + text + "\"; write http://host:port/path or https://…");
    }

    private static String routePrefix(FlagValues values, String externalUrl) {
        String prefix = values.text("web.route-prefix");
        if (!values.isGiven("web.route-prefix") && !externalUrl.isEmpty()) {
            prefix = URI.create(externalUrl).getPath();
        }
        String inner = prefix.replaceAll("^/+|/+$", "");
        return inner.isEmpty() ? "" : "/" + inner;
    }

    private static Pattern origin(FlagValues values) throws CommandLineException {
        String text = values.text("web.cors.origin");
        try {
            return Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            throw FlagValues.unusable("web.cors.origin", "no regular expression, " + e.getMessage());
        }
    }
}
