// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.command;

import static dev.narthex.server.command.Flag.refused;
import static dev.narthex.server.command.Flag.repeated;
import static dev.narthex.server.command.Flag.toggle;
import static dev.narthex.server.command.Flag.value;
import static dev.narthex.server.command.Flag.withoutEffect;

import dev.narthex.server.command.Flag.Form;
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
        flags.add(value("config.auto-reload-interval", "30s", "How often the files are looked at for that."));
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
                value("web.read-timeout", "5m", "After how long an idle connection is closed."),
                value("web.max-connections", "512", "Open connections at once, over all addresses each."),
                value(
                        "web.max-notifications-subscribers",
                        "16",
                        "Clients that listen to /api/v1/notifications/live at once; further ones are turned away."),
                value(
                        "web.search.max-limit",
                        "10000",
                        "Results that /api/v1/search/* may be asked for at most; 0 for any number."),
                toggle("web.enable-admin-api", "Take POST /api/v1/admin/tsdb/*."),
                toggle("web.enable-lifecycle", "Take POST /-/reload and POST /-/quit."),
                value("web.page-title", "Narthex", "Title of the status page."),
                value("web.cors.origin", ".*", "Origins that scripts may come from, an anchored regular expression."),
                value("storage.tsdb.path", "data/", "Directory of the samples."),
                value(
                        "storage.tsdb.retention.time",
                        "15d",
                        "How long samples are kept; without end where only --storage.tsdb.retention.size is given."),
                value(
                        "storage.tsdb.retention.size",
                        "0",
                        "How large log and blocks may become before the oldest samples go, as in 512MB; 0 for no limit."),
                new Flag(
                        "storage.tsdb.wal-compression",
                        Form.SWITCH,
                        Flag.Standing.SUPPORTED,
                        "true",
                        "Compress the log of the samples."),
                value(
                        "storage.tsdb.wal-compression-type",
                        "snappy",
                        "How the log is compressed: snappy, or zstd, which is smaller and takes more CPU time."),
                FeatureFlags.flag(),
                value("query.lookback-delta", "5m", "How far back a sample counts as current."),
                value("query.timeout", "2m", "How long a query may take."),
                value("query.max-concurrency", "20", "Queries at once; further ones wait."),
                value("query.max-samples", "50000000", "Samples that one query may hold in memory."),
                value(
                        "rules.alert.for-outage-tolerance",
                        "1h",
                        "How old the \"for\" state of an alert may be to be restored after a restart."),
                value(
                        "rules.alert.for-grace-period",
                        "10m",
                        "Least time between the restoring of a \"for\" state and the firing of the alert."),
                value("rules.alert.resend-delay", "1m", "Least time between two sendings of an alert."),
                value("log.level", "info", "Least level of log lines: debug, info, warn or error."),
                value("log.format", "logfmt", "Form of log lines: logfmt or json."));
    }

    private static List<Flag> ofPrometheusOnly() {
        return List.of(
                withoutEffect("auto-gomaxprocs", Form.SWITCH),
                withoutEffect("auto-gomemlimit", Form.SWITCH),
                withoutEffect("auto-gomemlimit.ratio", Form.VALUE),
                withoutEffect("auto-gomemlimit.refresh-interval", Form.VALUE),
                withoutEffect("web.console.templates", Form.VALUE),
                withoutEffect("web.console.libraries", Form.VALUE),
                withoutEffect("web.local-assets", Form.VALUE),
                withoutEffect("storage.tsdb.head-chunks-write-queue-size", Form.VALUE),
                withoutEffect("storage.remote.flush-deadline", Form.VALUE),
                withoutEffect("rules.max-concurrent-evals", Form.VALUE),
                withoutEffect("alertmanager.notification-queue-capacity", Form.VALUE),
                withoutEffect("alertmanager.notification-batch-size", Form.VALUE),
                withoutEffect("alertmanager.drain-notification-queue-on-shutdown", Form.SWITCH),
                refused("agent", Form.SWITCH, NOT_YET),
                refused("web.user-assets", Form.VALUE, NOT_YET),
                refused("web.enable-otlp-receiver", Form.SWITCH, NOT_YET),
                refused("storage.tsdb.no-lockfile", Form.SWITCH, NOT_YET),
                refused("storage.tsdb.delay-compact-file.path", Form.VALUE, NOT_YET),
                refused("storage.agent.path", Form.VALUE, NOT_YET),
                refused("storage.agent.wal-compression", Form.SWITCH, NOT_YET),
                refused("storage.agent.wal-compression-type", Form.VALUE, NOT_YET),
                refused("storage.agent.checkpoint-from-in-memory-series", Form.SWITCH, NOT_YET),
                refused("storage.agent.checkpoint-batch-size", Form.VALUE, NOT_YET),
                refused("storage.agent.retention.min-time", Form.VALUE, NOT_YET),
                refused("storage.agent.retention.max-time", Form.VALUE, NOT_YET),
                refused("storage.agent.no-lockfile", Form.SWITCH, NOT_YET));
    }
}
