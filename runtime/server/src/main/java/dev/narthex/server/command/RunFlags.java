// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.command;

import static dev.narthex.server.command.Flag.duration;
import static dev.narthex.server.command.Flag.number;
import static dev.narthex.server.command.Flag.ofAgent;
import static dev.narthex.server.command.Flag.refused;
import static dev.narthex.server.command.Flag.repeated;
import static dev.narthex.server.command.Flag.toggle;
import static dev.narthex.server.command.Flag.toggleOff;
import static dev.narthex.server.command.Flag.value;
import static dev.narthex.server.command.Flag.withoutEffect;

import java.util.ArrayList;
import java.util.List;

/** The flags of the server: those of Prometheus 3, by their names, and Narthex' own. */
final class RunFlags {
    static final String DEFAULT_ADDRESS = "0.0.0.0:9090";

    private static final String NOT_YET = "leave the flag out";

    private RunFlags() {}

    /** The flags of {@code run}. */
    static List<Flag> ofRun() {
        List<Flag> flags = new ArrayList<>();
        flags.add(toggle("help", "Show the flags."));
        flags.add(toggle("version", "Show the version."));
        flags.add(value("config.file", "prometheus.yml", "Prometheus configuration file."));
        flags.add(value(
                "alertmanager.config.file",
                "",
                "Alertmanager configuration file: routes and receivers of the alerting inside. Without one, alerts"
                        + " are shown and sent nowhere."));
        flags.add(toggle(
                "config.auto-reload", "Read the configuration anew when the contents of its files have changed."));
        flags.add(duration("config.auto-reload-interval", "30s", "How often the files are looked at for that."));
        flags.add(value(
                "kubernetes.config-namespace",
                "",
                "Namespace of the Secrets that hold the configuration; instead of --config.file, with"
                        + " --kubernetes.config-name."));
        flags.add(value(
                "kubernetes.config-name", "", "Name of the StorageVolume whose configuration Secrets are watched."));
        flags.add(value(
                "kubernetes.config-dir",
                "",
                "Directory with a mounted copy of the Secrets' buckets, read where the API server cannot be reached at"
                        + " the start."));
        flags.addAll(ofServer());
        flags.addAll(StorageTuning.flags());
        flags.addAll(ScrapeTuning.flags());
        flags.addAll(RemoteWriteFlags.all());
        flags.addAll(RemoteReadFlags.all());
        flags.addAll(ofPrometheusOnly());
        return flags;
    }

    /** The flags that {@code run} and {@code up} share. */
    static List<Flag> ofServer() {
        return List.of(
                repeated(
                        "web.listen-address",
                        DEFAULT_ADDRESS,
                        "Address to listen on, host:port; port 0 lets the system choose. Can be repeated."),
                value(
                        "web.config.file",
                        "",
                        "File that says who may ask: TLS, client certificates, passwords, headers. Read anew when it"
                                + " changes."),
                value("web.external-url", "", "URL under which the server is reached from outside."),
                value("web.route-prefix", "", "Prefix of all paths; the path of --web.external-url by default."),
                duration("web.read-timeout", "5m", "After how long an idle connection is closed."),
                number("web.max-connections", "512", "Open connections at once, over all addresses each."),
                number(
                        "web.max-notifications-subscribers",
                        "16",
                        "Clients that listen to /api/v1/notifications/live at once; further ones are turned away."),
                number(
                        "web.search.max-limit",
                        "10000",
                        "Results that /api/v1/search/* may be asked for at most; 0 for any number."),
                toggle("web.enable-admin-api", "Take POST /api/v1/admin/tsdb/*."),
                toggle("web.enable-lifecycle", "Take POST /-/reload and POST /-/quit."),
                value("web.page-title", "Narthex", "Title of the status page."),
                value("web.cors.origin", ".*", "Origins that scripts may come from, an anchored regular expression."),
                value("storage.tsdb.path", "data/", "Directory of the samples."),
                duration(
                        "storage.tsdb.retention.time",
                        "15d",
                        "How long samples are kept; without end where only --storage.tsdb.retention.size is given."),
                Flag.of(
                        FlagKind.BYTES,
                        "storage.tsdb.retention.size",
                        "0B",
                        "How large log and blocks may become before the oldest samples go, as in 512MB; 0 for no limit."),
                toggleOff("storage.tsdb.wal-compression", "Compress the log of the samples."),
                value(
                        "storage.tsdb.wal-compression-type",
                        "snappy",
                        "How the log is compressed: snappy, or zstd, which is smaller and takes more CPU time."),
                FeatureFlags.flag(),
                duration("query.lookback-delta", "5m", "How far back a sample counts as current."),
                duration("query.timeout", "2m", "How long a query may take."),
                number("query.max-concurrency", "20", "Queries at once; further ones wait."),
                number("query.max-samples", "50000000", "Samples that one query may hold in memory."),
                duration(
                        "rules.alert.for-outage-tolerance",
                        "1h",
                        "How old the \"for\" state of an alert may be to be restored after a restart."),
                duration(
                        "rules.alert.for-grace-period",
                        "10m",
                        "Least time between the restoring of a \"for\" state and the firing of the alert."),
                duration("rules.alert.resend-delay", "1m", "Least time between two sendings of an alert."),
                value("log.level", "info", "Least level of log lines: debug, info, warn or error."),
                value("log.format", "logfmt", "Form of log lines: logfmt or json."));
    }

    /** What tunes or asks for what Narthex does not have, with the defaults that Prometheus shows. */
    private static List<Flag> ofPrometheusOnly() {
        return List.of(
                withoutEffect("auto-gomaxprocs", true),
                withoutEffect("auto-gomemlimit", true),
                withoutEffect(FlagKind.NUMBER, "auto-gomemlimit.ratio", "0.9"),
                withoutEffect(FlagKind.GO_DURATION, "auto-gomemlimit.refresh-interval", "0s"),
                withoutEffect(FlagKind.TEXT, "web.console.templates", "consoles"),
                withoutEffect(FlagKind.TEXT, "web.console.libraries", "console_libraries"),
                withoutEffect(FlagKind.TEXT, "web.local-assets", ""),
                withoutEffect(FlagKind.WHOLE_NUMBER, "storage.tsdb.head-chunks-write-queue-size", "0"),
                withoutEffect(FlagKind.WHOLE_NUMBER, "storage.tsdb.samples-per-chunk", "120"),
                withoutEffect("storage.tsdb.allow-overlapping-compaction", true),
                withoutEffect(FlagKind.DURATION, "storage.tsdb.block-reload-interval", "1m"),
                withoutEffect(FlagKind.WHOLE_NUMBER, "storage.tsdb.delayed-compaction.max-percent", "10"),
                withoutEffect(FlagKind.DURATION, "scrape.discovery-reload-interval", "5s"),
                withoutEffect(FlagKind.DURATION, "storage.remote.flush-deadline", "1m"),
                withoutEffect(FlagKind.WHOLE_NUMBER, "rules.max-concurrent-evals", "4"),
                withoutEffect(FlagKind.WHOLE_NUMBER, "alertmanager.notification-queue-capacity", "10000"),
                withoutEffect(FlagKind.WHOLE_NUMBER, "alertmanager.notification-batch-size", "256"),
                withoutEffect("alertmanager.drain-notification-queue-on-shutdown", true),
                refused("agent", false, NOT_YET),
                refused("write-documentation", false, NOT_YET),
                refused(FlagKind.TEXT, "web.user-assets", "", NOT_YET),
                refused("web.enable-otlp-receiver", false, NOT_YET),
                refused(FlagKind.TEXT, "storage.tsdb.delay-compact-file.path", "", NOT_YET),
                ofAgent(FlagKind.TEXT, "storage.agent.path", "data-agent/"),
                ofAgent("storage.agent.wal-compression", true),
                ofAgent(FlagKind.TEXT, "storage.agent.wal-compression-type", "snappy"),
                ofAgent(FlagKind.BYTES, "storage.agent.wal-segment-size", "0B"),
                ofAgent(FlagKind.DURATION, "storage.agent.wal-truncate-frequency", "0s"),
                ofAgent("storage.agent.checkpoint-from-in-memory-series", false),
                ofAgent(FlagKind.WHOLE_NUMBER, "storage.agent.checkpoint-batch-size", "1000"),
                ofAgent(FlagKind.DURATION, "storage.agent.retention.min-time", "5m"),
                ofAgent(FlagKind.DURATION, "storage.agent.retention.max-time", "4h"),
                ofAgent("storage.agent.no-lockfile", false));
    }
}
