// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import dev.narthex.config.ConfigException;
import dev.narthex.discovery.standard.StandardDiscoverers;
import dev.narthex.memory.MemoryAccount;
import dev.narthex.model.Labels;
import dev.narthex.model.time.Scheduler;
import dev.narthex.promql.value.QueryException;
import dev.narthex.remote.read.RemoteRead;
import dev.narthex.remote.write.RemoteWriteConfig;
import dev.narthex.remote.write.RemoteWriteReceiver;
import dev.narthex.remote.write.RequestMemory;
import dev.narthex.server.alertmanager.AlertmanagerApi;
import dev.narthex.server.api.AdminApi;
import dev.narthex.server.api.BlocksApi;
import dev.narthex.server.api.ExemplarsApi;
import dev.narthex.server.api.FeaturesApi;
import dev.narthex.server.api.FederationApi;
import dev.narthex.server.api.MetadataApi;
import dev.narthex.server.api.NotificationsApi;
import dev.narthex.server.api.QueryApi;
import dev.narthex.server.api.RelabelStepsApi;
import dev.narthex.server.api.RemoteReadApi;
import dev.narthex.server.api.RemoteWriteApi;
import dev.narthex.server.api.ResourcesApi;
import dev.narthex.server.api.RulesApi;
import dev.narthex.server.api.SearchApi;
import dev.narthex.server.api.SelfMetricsApi;
import dev.narthex.server.api.SeriesApi;
import dev.narthex.server.api.ServerStatus;
import dev.narthex.server.api.StatusApi;
import dev.narthex.server.api.StorageReport;
import dev.narthex.server.api.SyntaxApi;
import dev.narthex.server.api.TargetsApi;
import dev.narthex.server.api.TsdbApi;
import dev.narthex.server.command.ServerOptions;
import dev.narthex.server.configuration.ConfigurationSource;
import dev.narthex.server.http.Compression;
import dev.narthex.server.http.JsonEnvelope;
import dev.narthex.server.http.Request;
import dev.narthex.server.http.Response;
import dev.narthex.server.http.Route;
import dev.narthex.server.metrics.AlertingConfigurationMetrics;
import dev.narthex.server.metrics.AlertingMetrics;
import dev.narthex.server.metrics.DiscoveryMetricsSource;
import dev.narthex.server.metrics.ExemplarMetrics;
import dev.narthex.server.metrics.InterfaceMetrics;
import dev.narthex.server.metrics.MetricSource;
import dev.narthex.server.metrics.MetricsPage;
import dev.narthex.server.metrics.ProcessMetrics;
import dev.narthex.server.metrics.RuleMetrics;
import dev.narthex.server.metrics.ServerMetrics;
import dev.narthex.server.metrics.TsdbMetrics;
import dev.narthex.server.openapi.OpenApi;
import dev.narthex.server.page.StatusPage;
import dev.narthex.server.profile.PprofApi;
import dev.narthex.server.query.ReadMemory;
import dev.narthex.tsdb.ReplayProgress;
import dev.narthex.tsdb.TsdbStats;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The routes of a server: which path is answered by what. */
final class ServerRoutes {
    /** What a compressed remote write request may have, as much as uncompressed. */
    private static final int MAX_WRITE_BYTES = 32 << 20;

    private static final String CONSOLES = "consoles";

    private static final String OTLP_DISABLED =
            "otlp write receiver needs to be enabled with --web.enable-otlp-receiver";

    private final ServerOptions options;
    private final Rooms rooms;
    private final Scheduler scheduler;
    private final ServerStatus status;
    private final BooleanSupplier ready;
    private final ConfigurationSource source;
    private final List<MetricSource> observers;
    private final RemoteRead remoteRead;
    private final FederationApi federation;
    private final Runnable quit;
    private final @Nullable RemoteWriteReceiver remoteWrite;

    ServerRoutes(
            ServerOptions options,
            Rooms rooms,
            Scheduler scheduler,
            ServerStatus status,
            BooleanSupplier ready,
            ConfigurationSource source,
            List<MetricSource> observers,
            Runnable quit) {
        this.options = options;
        this.rooms = rooms;
        this.scheduler = scheduler;
        this.status = status;
        this.ready = ready;
        this.source = source;
        this.observers = List.copyOf(observers);
        this.quit = quit;
        RemoteWriteConfig config = options.remoteWrite();
        remoteWrite = config == null
                ? null
                : new RemoteWriteReceiver(
                        rooms.storage(),
                        scheduler.clock(),
                        new SecureRandom(),
                        config,
                        requestMemory(rooms.requestMemory()));
        remoteRead = new RemoteRead(
                rooms.storage(),
                this::externalLabels,
                options.remoteRead(),
                () -> readRoom(rooms.workers().readMemory()));
        federation = new FederationApi(
                rooms.storage(),
                rooms.workers(),
                scheduler.clock(),
                options.lookbackDelta(),
                options.queryTimeout(),
                this::externalLabels);
    }

    private static RequestMemory requestMemory(MemoryAccount account) {
        MemoryAccount.Tag unpacked = account.tag("unpacked");
        return new RequestMemory() {
            @Override
            public boolean tryTake(long bytes) {
                return unpacked.tryTake(bytes);
            }

            @Override
            public void giveBack(long bytes) {
                unpacked.giveBack(bytes);
            }

            @Override
            public long limitBytes() {
                return account.limitBytes();
            }
        };
    }

    /** What an answer of remote read takes counts as that of other reads. */
    private static RemoteRead.Room readRoom(ReadMemory memory) {
        ReadMemory.Held held = memory.begin();
        return new RemoteRead.Room() {
            @Override
            public String take(long bytes) {
                try {
                    held.take(bytes);
                    return "";
                } catch (QueryException e) {
                    return String.valueOf(e.getMessage());
                }
            }

            @Override
            public void close() {
                held.close();
            }
        };
    }

    List<Route> all() {
        List<Route> routes = new ArrayList<>();
        routes.addAll(lifecycle());
        routes.addAll(self());
        routes.addAll(queries());
        routes.addAll(status());
        routes.addAll(admin());
        routes.addAll(new PprofApi(
                        scheduler,
                        () -> rooms.storage()
                                .stats()
                                .map(TsdbStats::memoryBytesByTag)
                                .orElse(Map.of()))
                .routes());
        routes.addAll(new AlertmanagerApi(
                        rooms.alerting()::running,
                        () -> rooms.control().loaded().configuration().alertmanager(),
                        scheduler.clock(),
                        status.startTime(),
                        options.corsOrigin())
                .routes());
        return routes;
    }

    private List<Route> lifecycle() {
        return List.of(
                Route.probe("/-/healthy", _ -> Response.text(200, "Prometheus Server is Healthy.\n")),
                Route.probe(
                        "/-/ready",
                        _ -> ready.getAsBoolean()
                                ? Response.text(200, "Prometheus Server is Ready.\n")
                                : Response.text(503, "Service Unavailable")),
                new Route("/-/reload", List.of("GET", "POST", "PUT"), true, false, this::reload)
                        .compressed(Compression.NONE),
                new Route("/-/quit", List.of("GET", "POST", "PUT"), true, false, this::quit)
                        .compressed(Compression.NONE),
                Route.get("/" + CONSOLES + "/*filepath", this::console).compressed(Compression.NONE));
    }

    /** What the server says of itself, ready or not. */
    private List<Route> self() {
        MetricsPage metrics = new MetricsPage(metrics());
        NotificationsApi notifications = new NotificationsApi(rooms.notifications());
        FeaturesApi features = new FeaturesApi(new FeaturesApi.Switches(
                options.adminApi(),
                options.lifecycleApi(),
                options.remoteWrite() != null,
                options.autoReload(),
                options.features().startTimestampZeros(),
                options.features().startTimestamps(),
                options.features().search(),
                options.features().promql(),
                StandardDiscoverers.NAMES));
        return List.of(
                Route.get("/metrics", metrics).always().compressed(Compression.BY_WEIGHT),
                Route.get("/api/v1/notifications", notifications::list).always().compressed(Compression.NONE),
                Route.get("/api/v1/notifications/live", notifications::live).always(),
                Route.get("/api/v1/openapi.yaml", OpenApi::describe)
                        .always()
                        .compressed(Compression.NONE)
                        .notForScripts(),
                Route.get("/api/v1/features", features::features),
                Route.get("/api/v1/status/self_metrics", new SelfMetricsApi(metrics::text)::selfMetrics));
    }

    private List<Route> queries() {
        QueryApi query =
                new QueryApi(rooms.engine(), rooms.storage(), rooms.workers(), rooms.queryLog(), scheduler.clock());
        SeriesApi series = new SeriesApi(rooms.storage(), rooms.workers(), options.queryTimeout());
        SyntaxApi syntax = new SyntaxApi(rooms.engine());
        SearchApi search = new SearchApi(
                rooms.storage(),
                rooms.workers(),
                options.queryTimeout(),
                scheduler.clock(),
                rooms.scraping().manager()::metadata,
                options.maxSearchLimit(),
                options.features().search());
        return List.of(
                Route.get("/federate", federation::federate),
                Route.getOrPost("/api/v1/query_exemplars", new ExemplarsApi(rooms.engine(), rooms.storage())::query),
                Route.getOrPost("/api/v1/format_query", syntax::format),
                Route.getOrPost("/api/v1/parse_query", syntax::tree),
                Route.getOrPost("/api/v1/query", query::instant),
                Route.getOrPost("/api/v1/query_range", query::range),
                Route.getOrPost("/api/v1/series", series::series),
                Route.getOrPost("/api/v1/labels", series::labelNames),
                Route.get("/api/v1/label/:name/values", series::labelValues),
                Route.getOrPost("/api/v1/search/metric_names", search::metricNames)
                        .compressed(Compression.NONE),
                Route.getOrPost("/api/v1/search/label_names", search::labelNames)
                        .compressed(Compression.NONE),
                Route.getOrPost("/api/v1/search/label_values", search::labelValues)
                        .compressed(Compression.NONE),
                Route.post(
                        "/api/v1/otlp/v1/metrics",
                        _ -> Response.text(404, OTLP_DISABLED + "\n").withHeader("X-Content-Type-Options", "nosniff")),
                Route.post("/api/v1/read", new RemoteReadApi(remoteRead)::read),
                Route.post("/api/v1/write", new RemoteWriteApi(remoteWrite)::write)
                        .withMaxBodyBytes(MAX_WRITE_BYTES));
    }

    private Labels externalLabels() {
        return rooms.control().loaded().configuration().prometheus().global().externalLabels();
    }

    private List<Route> admin() {
        AdminApi admin = new AdminApi(rooms.storage(), options.adminApi(), scheduler.clock(), new SecureRandom());
        return List.of(
                Route.postOrPut("/api/v1/admin/tsdb/delete_series", admin::deleteSeries),
                Route.postOrPut("/api/v1/admin/tsdb/clean_tombstones", admin::cleanTombstones),
                Route.postOrPut("/api/v1/admin/tsdb/snapshot", admin::snapshot));
    }

    private List<Route> status() {
        StatusApi api = new StatusApi(
                status,
                rooms.control()::loaded,
                rooms.storage()::retention,
                () -> rooms.storage()
                        .stats()
                        .map(stats -> (long) stats.walDamage().damages())
                        .orElse(0L),
                options.logLevel(),
                scheduler.clock());
        TsdbApi tsdb = new TsdbApi(rooms.storage()::stats, rooms.storage(), rooms.workers(), options.queryTimeout());
        TargetsApi targets = new TargetsApi(
                rooms.scraping().manager()::scrapePools,
                rooms.scraping().manager()::activeTargets,
                rooms.scraping().manager()::droppedTargets,
                rooms.scraping().manager()::droppedTargetCounts);
        RelabelStepsApi relabelSteps = new RelabelStepsApi(rooms.scraping().manager()::job);
        MetadataApi metadata = new MetadataApi(rooms.scraping().manager()::metadata);
        ResourcesApi resources = new ResourcesApi(
                rooms.control()::loaded,
                source::storageVolume,
                this::storageReport,
                rooms.scraping().manager()::activeTargets,
                rooms.rules().manager()::groups,
                rooms.alerting()::integrations);
        StatusPage page = new StatusPage(
                options.pageTitle(),
                options.routePrefix(),
                scheduler.clock(),
                rooms.control()::loaded,
                rooms.scraping().manager()::activeTargets,
                rooms.rules().manager()::groups,
                rooms.alerting()::integrations);
        RulesApi rules =
                new RulesApi(rooms.rules().manager()::groups, rooms.rules().manager()::alerts);
        return List.of(
                Route.get("/", page),
                Route.get("/api/v1/status/resources", resources::resources),
                Route.get("/api/v1/targets", targets::targets),
                Route.get("/api/v1/targets/metadata", metadata::targetMetadata),
                Route.get("/api/v1/targets/relabel_steps", relabelSteps::steps),
                Route.get("/api/v1/metadata", metadata::metadata),
                Route.get("/api/v1/rules", rules::rules),
                Route.get("/api/v1/alerts", rules::alerts),
                Route.get("/api/v1/scrape_pools", targets::scrapePools),
                Route.get(
                        "/api/v1/alertmanagers",
                        _ -> JsonEnvelope.success(json -> json.beginObject()
                                .name("activeAlertmanagers")
                                .strings(List.of())
                                .name("droppedAlertmanagers")
                                .strings(List.of())
                                .endObject())),
                Route.get("/api/v1/status/tsdb", tsdb::tsdb),
                Route.get("/api/v1/status/walreplay", this::walReplay).always().compressed(Compression.NONE),
                Route.get("/api/v1/status/tsdb/blocks", new BlocksApi(rooms.storage()::blocks)::blocks),
                Route.get("/api/v1/scrape_pools/config", api::scrapePoolConfig),
                Route.get("/api/v1/status/config", api::config),
                Route.get("/api/v1/status/flags", api::flags),
                Route.get("/api/v1/status/runtimeinfo", api::runtimeInfo),
                Route.get("/api/v1/status/buildinfo", api::buildInfo),
                Route.get("/version", api::version).always().compressed(Compression.NONE));
    }

    private Response walReplay(Request request) {
        ReplayProgress progress = rooms.storage().replayProgress();
        return JsonEnvelope.success(json -> json.beginObject()
                        .member("min", progress.min())
                        .member("max", progress.max())
                        .member("current", progress.current())
                        .endObject())
                .withHeader("Vary", "Origin"); // as Prometheus, which does not compress it
    }

    private StorageReport storageReport() {
        return rooms.storage()
                .stats()
                .map(stats -> new StorageReport(
                        stats.head().series(),
                        rooms.ingestRate().perSecond(),
                        stats.walBytes()
                                + stats.checkpointBytes()
                                + stats.headChunkBytes()
                                + stats.blocks().sizeBytes(),
                        oldest(Math.min(stats.head().minTimeMs(), stats.blocks().minTimeMs()))))
                .orElseGet(() -> new StorageReport(0, 0, 0, OptionalLong.empty()));
    }

    private static OptionalLong oldest(long timestampMs) {
        return timestampMs == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(timestampMs);
    }

    private List<MetricSource> metrics() {
        List<MetricSource> sources = new ArrayList<>(observers);
        sources.addAll(List.of(
                new InterfaceMetrics(
                        rooms.notifications(),
                        federation,
                        remoteRead::active,
                        remoteWrite == null ? null : remoteWrite::invalidSamples),
                new ExemplarMetrics(rooms.storage()::exemplarStats),
                new ServerMetrics(
                        ready,
                        rooms.control()::loaded,
                        rooms.workers(),
                        rooms.scraping().discovery()::counts),
                rooms.scraping().manager()::writeMetrics,
                new DiscoveryMetricsSource(rooms.scraping().discoveryMetrics()),
                new RuleMetrics(rooms.rules().manager()::groups),
                new AlertingConfigurationMetrics(rooms.control()::loaded),
                new AlertingMetrics(rooms.alerting()::counters, rooms.alerting()::integrations),
                new TsdbMetrics(
                        rooms.storage()::stats,
                        rooms.storage()::retention,
                        options.tuning().exclusive()),
                new ProcessMetrics(Path.of("/proc/self"), status.startTime())));
        return sources;
    }

    private Response reload(Request request) {
        Response refusal = refusal(request);
        if (refusal != null) {
            return refusal;
        }
        try {
            source.reload();
            return Response.empty(200);
        } catch (ConfigException e) {
            return Response.text(500, "failed to reload config: " + e.getMessage() + "\n");
        }
    }

    /** What a Prometheus answers whose directory of console templates is not there. */
    private Response console(Request request) {
        String name = CONSOLES + "/" + request.pathParameter("filepath");
        return Response.text(404, "open " + name.replaceFirst("/$", "") + ": no such file or directory\n")
                .withHeader("X-Content-Type-Options", "nosniff");
    }

    private Response quit(Request request) {
        Response refusal = refusal(request);
        if (refusal != null) {
            return refusal;
        }
        quit.run();
        return Response.text(200, "Requesting termination... Goodbye!");
    }

    private @Nullable Response refusal(Request request) {
        if (request.method().equals("GET")) {
            return Response.text(405, "Only POST or PUT requests allowed");
        }
        return options.lifecycleApi() ? null : Response.text(403, "Lifecycle API is not enabled.");
    }
}
