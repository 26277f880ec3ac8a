// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import dev.narthex.config.ConfigException;
import dev.narthex.config.file.ConfigLoader;
import dev.narthex.config.section.ConfigurationAssembler;
import dev.narthex.memory.LocalFiles;
import dev.narthex.memory.MemoryAccount;
import dev.narthex.model.time.Scheduler;
import dev.narthex.promql.PromqlEngineConfig;
import dev.narthex.rules.RuleOptions;
import dev.narthex.rules.RuleServices;
import dev.narthex.scrape.ScrapeSettings;
import dev.narthex.server.api.ServerStatus;
import dev.narthex.server.build.BuildVersion;
import dev.narthex.server.command.CommandLineException;
import dev.narthex.server.command.ServerOptions;
import dev.narthex.server.configuration.ConfigurationConsumer;
import dev.narthex.server.configuration.ConfigurationControl;
import dev.narthex.server.configuration.ConfigurationSource;
import dev.narthex.server.http.Connections;
import dev.narthex.server.http.HttpListener;
import dev.narthex.server.http.HttpRouter;
import dev.narthex.server.lifecycle.Component;
import dev.narthex.server.lifecycle.Lifecycle;
import dev.narthex.server.memory.OldGeneration;
import dev.narthex.server.metrics.HttpMetrics;
import dev.narthex.server.metrics.MemoryMetrics;
import dev.narthex.server.metrics.QueryMetrics;
import dev.narthex.server.metrics.RuleDurations;
import dev.narthex.server.metrics.TsdbWorkMetrics;
import dev.narthex.server.notification.Notification;
import dev.narthex.server.notification.Notifications;
import dev.narthex.server.query.CurrentEngine;
import dev.narthex.server.query.QueryLog;
import dev.narthex.server.query.QueryWorkers;
import dev.narthex.server.query.ReadMemory;
import dev.narthex.server.query.RuleQueries;
import dev.narthex.server.storage.IngestRate;
import dev.narthex.server.storage.StorageComponent;
import dev.narthex.server.web.WebConfigFile;
import dev.narthex.server.web.WebGuard;
import dev.narthex.tsdb.TsdbConfig;
import dev.narthex.tsdb.TsdbObserver;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The server: all rooms, wired. Started and stopped by one thread.
 *
 * <p>Start order: HTTP first, so that probes are answered while the log is replayed; then storage, which takes appends at
 * once, rooms that use it, and the configuration, which sets scraping to work; then the replay of the log, and last the
 * rules, which query what it brings back. Everything stops in the reverse order, after HTTP has refused new
 * requests and those in flight have ended.
 */
public final class Server implements Component {
    private static final Logger log = Logger.getLogger(Server.class);

    /** Series that have ended leave memory early where they are more than this share of it. */
    private static final double STALE_SERIES_SHARE = 0.3;

    private static final Duration DRAIN_LIMIT = Duration.ofSeconds(5);

    private final ServerOptions options;
    private final Scheduler scheduler;
    private final Instant startTime;
    private final QueryWorkers workers;
    private final ConfigurationSource source;
    private final Notifications notifications;
    private final HttpRouter router;
    private final List<HttpListener> listeners;
    private final Lifecycle lifecycle;
    private final AtomicBoolean reloadWaits = new AtomicBoolean();
    private volatile boolean ready;

    /**
     * Wires a server.
     *
     * @param companions are told of each configuration before the rooms are
     * @param sourceOf makes the source of the configuration, given where to put it
     * @param guard says who may ask, and by what TLS; null for everybody without
     * @param quit is run when somebody asks the server by HTTP to end
     */
    public Server(
            ServerOptions options,
            Vertx vertx,
            Scheduler scheduler,
            @Nullable WebGuard guard,
            List<ConfigurationConsumer> companions,
            Function<ConfigurationControl, ConfigurationSource> sourceOf,
            Runnable quit) {
        this.options = options;
        this.scheduler = scheduler;
        this.startTime = scheduler.clock().instant();
        notifications = new Notifications(scheduler.clock(), options.maxNotificationSubscribers());
        String hostname = HostName.get();
        MemoryShares shares = MemoryShares.ofThisProcess();
        if (shares.isTooLittle()) {
            log.warnf(
                    "the heap is smaller than the server is made for, it may run out of memory; give it a container of"
                            + " 384 MiB or more heap_bytes=%d",
                    shares.totalBytes());
        }
        ExternalAddress external = ExternalAddress.of(options, hostname);
        TsdbWorkMetrics storageWork = new TsdbWorkMetrics(
                scheduler.ticker(), options.walCompression().name().toLowerCase(Locale.ROOT));
        MemoryAccount queryMemory = new MemoryAccount(shares.queriesBytes());
        StorageComponent storage =
                new StorageComponent(storageConfig(options, shares, queryMemory, scheduler, storageWork));
        IngestRate ingestRate = new IngestRate(scheduler, storage::samplesAppended);
        QueryLog queryLog = new QueryLog(scheduler.clock());
        QueryMetrics queryMetrics = new QueryMetrics(queryLog, scheduler.ticker());
        RuleDurations ruleDurations = new RuleDurations(scheduler.ticker());
        ReadMemory readMemory = new ReadMemory(shares.queryBytes(), queryMemory);
        workers = new QueryWorkers(options.maxConcurrency(), scheduler.ticker(), queryMetrics, readMemory);
        MemoryAccount requestMemory = new MemoryAccount(shares.requestsBytes());
        CurrentEngine engine = new CurrentEngine(engineConfig(options, shares, queryMemory), scheduler.ticker());
        ScrapeComponent scraping = new ScrapeComponent(storage, scheduler, scrapeSettings(options, external, shares));
        AlertingComponent alerting = new AlertingComponent(external, scheduler, options.dataDirectory());
        RulesComponent rules = new RulesComponent(new RuleServices(
                new RuleQueries(engine, storage, workers, queryLog),
                storage,
                storage,
                alerting::accept,
                scheduler,
                new RuleOptions(
                        external.url(), options.resendDelay(), options.forOutageTolerance(), options.forGracePeriod()),
                ruleDurations));
        List<ConfigurationConsumer> consumers = new ArrayList<>(companions);
        consumers.addAll(List.<ConfigurationConsumer>of(
                storage::apply, queryLog, engine, alerting::apply, rules::apply, scraping::apply));
        ConfigurationControl control = new ConfigurationControl(
                scheduler.clock(),
                new ConfigurationAssembler(configLoader(options)),
                rules::problems,
                consumers,
                loaded -> notifications.set(Notification.RELOAD_FAILED, !loaded.isGood()));
        source = sourceOf.apply(control);
        HttpMetrics httpMetrics = new HttpMetrics();
        router = new HttpRouter(
                options.routePrefix(),
                options.corsOrigin(),
                guard,
                () -> ready,
                httpMetrics,
                scheduler.ticker(),
                requestMemory);
        Handler<HttpServerRequest> routes = router.build(new ServerRoutes(
                        options,
                        new Rooms(
                                storage,
                                ingestRate,
                                workers,
                                queryLog,
                                engine,
                                scraping,
                                rules,
                                alerting,
                                control,
                                notifications,
                                requestMemory),
                        scheduler,
                        new ServerStatus(
                                startTime,
                                hostname,
                                Path.of("").toAbsolutePath().toString(),
                                options.shownFlags()),
                        () -> ready,
                        source,
                        List.of(
                                httpMetrics,
                                queryMetrics,
                                ruleDurations,
                                storageWork,
                                memoryMetrics(shares, queryMemory)),
                        quit)
                .all());
        Connections connections = new Connections(options.limits(), scheduler.ticker());
        listeners = options.addresses().stream()
                .map(address -> new HttpListener(vertx, address, connections, routes, http -> {
                    if (guard != null) {
                        guard.secure(http);
                    }
                }))
                .toList();
        List<Component> components = new ArrayList<>(listeners);
        components.addAll(List.of(
                storage,
                ingestRate,
                alerting,
                scraping,
                source,
                storage.replaying(),
                rules,
                new OldGeneration(scheduler)));
        lifecycle = new Lifecycle(components, scheduler.ticker());
    }

    /**
     * Reads the web configuration of a server.
     *
     * @return null where the command line names none
     * @throws CommandLineException when it cannot be used
     */
    static @Nullable WebGuard guard(ServerOptions options, Scheduler scheduler) throws CommandLineException {
        Path file = options.webConfigFile();
        if (file == null) {
            return null;
        }
        try {
            WebConfigFile config = WebConfigFile.open(file, new ConfigLoader(Server::environment));
            return new WebGuard(config, new SecureRandom(), scheduler.ticker());
        } catch (ConfigException | IOException e) {
            String problem = String.valueOf(e.getMessage());
            throw new CommandLineException(
                    CommandLineException.UNREADABLE,
                    "--web.config.file: " + (e instanceof NoSuchFileException ? problem + ": no such file" : problem));
        }
    }

    private static TsdbConfig storageConfig(
            ServerOptions options,
            MemoryShares shares,
            MemoryAccount readMemory,
            Scheduler scheduler,
            TsdbObserver observer) {
        return TsdbConfig.defaults(
                        options.dataDirectory(), new LocalFiles(), scheduler, new MemoryAccount(shares.seriesBytes()))
                .with(tsdb -> {
                    tsdb.readMemory = readMemory;
                    tsdb.retention = options.retention();
                    tsdb.retentionBytes = options.retentionBytes();
                    tsdb.walCompression = options.walCompression();
                    tsdb.chunkRange = options.tuning().minBlockRange();
                    tsdb.maxBlockRange = options.tuning().maxBlockRange();
                    tsdb.walSegmentBytes = options.tuning().walSegmentBytes();
                    tsdb.chunkSegmentBytes = options.tuning().chunkSegmentBytes();
                    tsdb.exclusive = options.tuning().exclusive();
                    tsdb.staleSeriesThreshold = STALE_SERIES_SHARE;
                    tsdb.observer = observer;
                    tsdb.startTimestampZeros = options.features().startTimestampZeros();
                    tsdb.startTimestamps = options.features().startTimestamps();
                    tsdb.headSnapshot = options.features().headSnapshot();
                });
    }

    private static PromqlEngineConfig engineConfig(
            ServerOptions options, MemoryShares shares, MemoryAccount queryMemory) {
        int maxSamples = shares.samples(options.maxSamples());
        if (maxSamples < options.maxSamples()) {
            log.infof(
                    "queries may hold fewer samples than asked for, to fit the memory asked=%d samples=%d memory_bytes=%d",
                    options.maxSamples(), maxSamples, shares.totalBytes());
        }
        return PromqlEngineConfig.defaults()
                .withMaxSamples(maxSamples)
                .withMemory(shares.queryBytes(), queryMemory)
                .withTimeout(options.queryTimeout())
                .withLookbackDelta(options.lookbackDelta())
                .withMaxConcurrency(options.maxConcurrency())
                .withFeatures(options.features().promql());
    }

    private static ScrapeSettings scrapeSettings(ServerOptions options, ExternalAddress external, MemoryShares shares) {
        return new ScrapeSettings(
                BuildVersion.version(),
                new SecureRandom().nextLong(),
                shares.bodyBytes(),
                options.timestampToleranceMs(),
                options.features().extraScrapeMetrics(),
                external::global,
                options.features().readsStartTimestamps(),
                options.features().metadataRecords());
    }

    /** Reads the configuration of a server with such options. */
    static ConfigLoader configLoader(ServerOptions options) {
        return new ConfigLoader(Server::environment, options.features().readsStartTimestamps());
    }

    private static MemoryMetrics memoryMetrics(MemoryShares shares, MemoryAccount queryMemory) {
        return new MemoryMetrics(
                shares.totalBytes(),
                Map.of(
                        "series",
                        shares.seriesBytes(),
                        "query",
                        shares.queryBytes(),
                        "queries",
                        shares.queriesBytes(),
                        "body",
                        shares.bodyBytes(),
                        "requests",
                        shares.requestsBytes()),
                queryMemory::bytes);
    }

    static String environment(String name) {
        String value = System.getenv(name);
        return value == null ? "" : value;
    }

    @Override
    public String name() {
        return "server";
    }

    @Override
    public void start() throws IOException, InterruptedException {
        log.infof(
                "starting Narthex version=%s java=%s",
                BuildVersion.version(), BuildVersion.java().strip());
        notifications.set(Notification.STARTING, true);
        lifecycle.start(DRAIN_LIMIT);
        ready = true;
        notifications.set(Notification.STARTING, false);
        log.infof(
                "server is ready url=%s duration_ms=%d",
                url(), Duration.between(startTime, scheduler.clock().instant()).toMillis());
    }

    /** Reads the configuration anew and logs how that went; once for all who ask while it is to be read. */
    public void reload() {
        if (!reloadWaits.compareAndSet(false, true)) {
            return;
        }
        synchronized (reloadWaits) {
            reloadWaits.set(false);
            try {
                source.reload();
            } catch (ConfigException e) {
                log.errorf("configuration not reloaded, the former one goes on err=%s", e.getMessage());
            }
        }
    }

    /** Where the server answers, without a slash at the end; known once it is started. */
    public String url() {
        return listeners.getFirst().url() + options.routePrefix();
    }

    /** Takes no more requests, lets those end that are being answered, and then the replay. */
    @Override
    public void giveUpStarting() throws InterruptedException {
        notifications.close();
        boolean _ = router.drain(DRAIN_LIMIT);
        lifecycle.giveUpStarting();
    }

    @Override
    public void stop(Duration deadline) throws IOException, InterruptedException {
        ready = false;
        notifications.set(Notification.STOPPING, true);
        notifications.close();
        Duration limit = deadline.compareTo(DRAIN_LIMIT) < 0 ? deadline : DRAIN_LIMIT;
        if (!router.drain(limit)) {
            log.warnf("requests cut off count=%d", router.inFlight());
        }
        workers.close();
        List<Throwable> failures = lifecycle.stop(deadline);
        if (!failures.isEmpty()) {
            IOException failure = new IOException("server: " + failures.size() + " parts did not stop cleanly");
            failures.forEach(failure::addSuppressed);
            throw failure;
        }
    }
}
