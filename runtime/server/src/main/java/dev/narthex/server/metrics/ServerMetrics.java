// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.metrics;

import dev.narthex.discovery.DiscoveryCounts;
import dev.narthex.exposition.ExpositionWriter;
import dev.narthex.model.Labels;
import dev.narthex.model.MetricType;
import dev.narthex.server.build.BuildVersion;
import dev.narthex.server.configuration.LoadedConfiguration;
import dev.narthex.server.query.QueryWorkers;
import java.time.Instant;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Metrics of the server as a whole: build, readiness, configuration, queries, discovery. */
public final class ServerMetrics implements MetricSource {
    private final BooleanSupplier ready;
    private final Supplier<LoadedConfiguration> loaded;
    private final QueryWorkers queries;
    private final Supplier<DiscoveryCounts> discovery;

    public ServerMetrics(
            BooleanSupplier ready,
            Supplier<LoadedConfiguration> loaded,
            QueryWorkers queries,
            Supplier<DiscoveryCounts> discovery) {
        this.ready = ready;
        this.loaded = loaded;
        this.queries = queries;
        this.discovery = discovery;
    }

    @Override
    public void writeTo(ExpositionWriter out) {
        String build = "prometheus_build_info";
        out.family(
                        build,
                        MetricType.GAUGE,
                        "A metric with a constant '1' value labeled by version, revision, branch, goversion from which"
                                + " prometheus was built, and the goos and goarch for the build.")
                .sample(
                        build,
                        Labels.of(
                                "version",
                                BuildVersion.version(),
                                "goversion",
                                BuildVersion.java(),
                                "goos",
                                System.getProperty("os.name", "").toLowerCase(Locale.ROOT),
                                "goarch",
                                goArchitecture(),
                                "branch",
                                "",
                                "revision",
                                "unknown",
                                "tags",
                                "unknown"),
                        1);
        LoadedConfiguration configuration = loaded.get();
        Instant loadedAt = configuration.loadedAt();
        new Families(out)
                .gauge(
                        "prometheus_ready",
                        "Whether Prometheus startup was fully completed and the server is ready for normal operation.",
                        ready.getAsBoolean() ? 1 : 0)
                .gauge(
                        "prometheus_config_last_reload_successful",
                        "Whether the last configuration reload attempt was successful.",
                        configuration.isGood() && loadedAt != null ? 1 : 0)
                .gauge(
                        "prometheus_config_last_reload_success_timestamp_seconds",
                        "Timestamp of the last successful configuration reload.",
                        loadedAt == null ? 0 : loadedAt.toEpochMilli() / 1000.0)
                .gauge(
                        "narthex_configuration_resources_rejected",
                        "Resources whose last version was refused.",
                        configuration.rejected().size())
                .gauge(
                        "prometheus_engine_queries",
                        "The current number of queries being executed or waiting.",
                        queries.active() + queries.waiting())
                .gauge(
                        "prometheus_engine_queries_concurrent_max",
                        "The max number of concurrent queries.",
                        queries.concurrency());
        write(out, discovery.get());
    }

    /** The name of the processor's architecture among those who write Go. */
    private static String goArchitecture() {
        String name = System.getProperty("os.arch", "");
        return name.equals("aarch64") ? "arm64" : name;
    }

    private static void write(ExpositionWriter out, DiscoveryCounts counts) {
        String discovered = "prometheus_sd_discovered_targets";
        out.family(discovered, MetricType.GAUGE, "Current number of discovered targets.");
        counts.discoveredTargets()
                .forEach((pool, targets) ->
                        out.sample(discovered, Labels.of("config", pool, "name", "scrape"), targets));
        String received = "prometheus_sd_received_updates_total";
        out.family(received, MetricType.COUNTER, "Total number of update events received from the SD providers.")
                .sample(received, "name", "scrape", (double) counts.receivedUpdates());
        String sent = "prometheus_sd_updates_total";
        out.family(sent, MetricType.COUNTER, "Total number of update events sent to the SD consumers.")
                .sample(sent, "name", "scrape", (double) counts.sentUpdates());
        String delayed = "prometheus_sd_updates_delayed_total";
        out.family(delayed, MetricType.COUNTER, "Total number of update events that couldn't be sent immediately.")
                .sample(delayed, "name", "scrape", (double) counts.delayedUpdates());
        String last = "prometheus_sd_last_update_timestamp_seconds";
        out.family(last, MetricType.GAUGE, "Timestamp of the last update sent to the SD consumers.");
        counts.lastUpdates()
                .forEach((pool, seconds) -> out.sample(last, Labels.of("config", pool, "name", "scrape"), seconds));
        String failed = "prometheus_sd_failed_configs";
        out.family(failed, MetricType.GAUGE, "Current number of service discovery configurations that failed to load.")
                .sample(failed, "name", "scrape", counts.failedConfigs());
    }
}
