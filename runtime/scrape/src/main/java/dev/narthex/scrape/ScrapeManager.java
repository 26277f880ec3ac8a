// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import dev.narthex.config.DiscoveryConfig;
import dev.narthex.config.GlobalConfig;
import dev.narthex.config.ScrapeConfig;
import dev.narthex.discovery.DiscoveryManager;
import dev.narthex.discovery.TargetGroup;
import dev.narthex.exposition.DurationFamilies;
import dev.narthex.exposition.ExpositionWriter;
import dev.narthex.http.BufferPool;
import dev.narthex.http.HttpFetcher;
import dev.narthex.model.Labels;
import dev.narthex.model.MetricType;
import dev.narthex.model.time.Scheduler;
import dev.narthex.storage.Appendable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Scrapes what a configuration names: finds the targets by a {@link DiscoveryManager}, keeps a pool a job and a loop a
 * target, appends the samples to a storage. Safe for use by many threads.
 */
public final class ScrapeManager implements AutoCloseable {
    private static final long MAX_IDLE_BUFFER_BYTES = 32 << 20;

    private static final Logger log = Logger.getLogger(ScrapeManager.class);

    private final ScrapeContext context;
    private final DiscoveryManager discovery;
    private final Map<String, ScrapePool> pools = new LinkedHashMap<>();
    private final List<ScrapePool> ending = new ArrayList<>();
    private static final double[] SYNC_QUANTILES = {0.01, 0.05, 0.5, 0.9, 0.99};

    private boolean closed;

    /**
     * Makes a manager without pools.
     *
     * @param storage takes the samples
     * @param discovery finds the targets; closed by its owner
     * @param client fetches expositions; closed by its owner
     * @param settings what is the same for all scrapes
     */
    public ScrapeManager(
            Appendable storage,
            DiscoveryManager discovery,
            Scheduler scheduler,
            HttpFetcher client,
            ScrapeSettings settings) {
        this.discovery = discovery;
        long memory = Runtime.getRuntime().maxMemory();
        BufferPool buffers = new BufferPool(Math.min(MAX_IDLE_BUFFER_BYTES, memory / 16), memory / 3);
        WorkspacePool workspaces =
                new WorkspacePool(2 * Runtime.getRuntime().availableProcessors(), buffers, settings.seed());
        context = new ScrapeContext(
                storage,
                scheduler,
                client,
                buffers,
                workspaces,
                new ScrapeMetrics(),
                new ScrapeFailureLog(),
                new ScrapeSlots(),
                settings);
    }

    /**
     * Scrapes by a new configuration from now on. Pools whose configuration is the same go on undisturbed, and of the
     * others those targets that are still there.
     *
     * @param configs one a job; job names are unique
     * @param global what configurations have in common; intervals are filled in already
     */
    public void apply(List<ScrapeConfig> configs, GlobalConfig global) {
        Map<String, List<DiscoveryConfig>> discoveries = new LinkedHashMap<>();
        synchronized (this) {
            if (closed) {
                return;
            }
            Map<String, ScrapePool> before = new LinkedHashMap<>(pools);
            pools.clear();
            for (ScrapeConfig config : configs) {
                discoveries.put(config.jobName(), config.discoveries());
                ScrapePool existing = before.remove(config.jobName());
                try {
                    pools.put(config.jobName(), poolFor(config, existing));
                } catch (IllegalArgumentException e) {
                    if (existing == null) {
                        context.metrics().poolsFailed.increment();
                    } else {
                        context.metrics().poolReloadsFailed.increment();
                    }
                    log.errorf("scrape pool cannot be made job=%s err=%s", config.jobName(), e.getMessage());
                    if (existing != null) {
                        // It goes on as it was.
                        pools.put(config.jobName(), existing);
                    }
                }
            }
            before.values().forEach(pool -> pool.stop(true));
            ending.removeIf(ScrapePool::isFinished);
            ending.addAll(before.values());
        }
        discovery.apply(discoveries, this::sync);
    }

    private ScrapePool poolFor(ScrapeConfig config, @Nullable ScrapePool existing) {
        if (existing == null) {
            context.metrics().poolsCreated.increment();
            return new ScrapePool(context, config);
        }
        if (existing.reload(config)) {
            context.metrics().poolReloads.increment();
        }
        return existing;
    }

    private void sync(String job, List<TargetGroup> groups) {
        ScrapePool pool;
        synchronized (this) {
            pool = pools.get(job);
        }
        if (pool != null) {
            pool.sync(groups);
        }
    }

    /** The jobs, in the order of the configuration. */
    public synchronized List<String> scrapePools() {
        return List.copyOf(pools.keySet());
    }

    /** The configuration of a job as it holds now. */
    public Optional<ScrapeConfig> job(String name) {
        return Optional.ofNullable(currentPools().get(name)).map(ScrapePool::config);
    }

    /** The targets that are scraped, job by job. */
    public List<TargetView> activeTargets() {
        List<TargetView> targets = new ArrayList<>();
        currentPools().values().forEach(pool -> targets.addAll(pool.activeTargets()));
        return targets;
    }

    /** The targets that were found and are not scraped, job by job. */
    public List<DroppedTargetView> droppedTargets() {
        List<DroppedTargetView> targets = new ArrayList<>();
        currentPools().values().forEach(pool -> targets.addAll(pool.droppedTargets()));
        return targets;
    }

    /** How many targets relabelling dropped, by job; all of them, whether they are kept for the report or not. */
    public Map<String, Integer> droppedTargetCounts() {
        Map<String, Integer> counts = new LinkedHashMap<>();
        currentPools().forEach((job, pool) -> counts.put(job, pool.droppedCount()));
        return counts;
    }

    /** What the targets say of their metric families, job by job. */
    public List<TargetMetadata> metadata() {
        List<TargetMetadata> metadata = new ArrayList<>();
        currentPools().values().forEach(pool -> metadata.addAll(pool.metadata()));
        return metadata;
    }

    private synchronized Map<String, ScrapePool> currentPools() {
        return new LinkedHashMap<>(pools);
    }

    /** Writes what the server counts about its scrapes, by Prometheus' names. */
    public void writeMetrics(ExpositionWriter out) {
        context.metrics().write(out);
        Map<String, ScrapePool> current = currentPools();
        perPool(
                out,
                current,
                "scrape_pool_targets",
                MetricType.GAUGE,
                "Current number of targets in this scrape pool.",
                ScrapePool::size);
        perPool(
                out,
                current,
                "scrape_pool_target_limit",
                MetricType.GAUGE,
                "Maximum number of targets allowed in this scrape pool.",
                ScrapePool::targetLimit);
        perPool(
                out,
                current,
                "scrape_pool_sync_total",
                MetricType.COUNTER,
                "Total number of syncs that were executed on a scrape pool.",
                ScrapePool::syncs);
        perPool(
                out,
                current,
                "sync_failed_total",
                MetricType.COUNTER,
                "Total number of target sync failures.",
                ScrapePool::failedTargets);
        String length = "prometheus_target_sync_length_seconds";
        out.family(length, MetricType.SUMMARY, "Actual interval to sync the scrape pool.");
        current.forEach((job, pool) -> DurationFamilies.summary(
                out, length, Labels.of("scrape_job", job), pool.syncLengths(), SYNC_QUANTILES));
        String histogram = "prometheus_target_sync_length_histogram_seconds";
        out.family(histogram, MetricType.HISTOGRAM, "Actual interval to sync the scrape pool.");
        current.forEach((job, pool) ->
                DurationFamilies.histogram(out, histogram, Labels.of("scrape_job", job), pool.syncLengths()));
        perPool(
                out,
                current,
                "metadata_cache_entries",
                MetricType.GAUGE,
                "Total number of metric metadata entries in the cache",
                pool -> pool.metadataSize().families());
        perPool(
                out,
                current,
                "metadata_cache_bytes",
                MetricType.GAUGE,
                "The number of bytes that are currently used for storing metric metadata in the cache",
                pool -> pool.metadataSize().bytes());
    }

    private static void perPool(
            ExpositionWriter out,
            Map<String, ScrapePool> pools,
            String what,
            MetricType type,
            String help,
            ToDoubleFunction<ScrapePool> value) {
        String name = "prometheus_target_" + what;
        out.family(name, type, help);
        pools.forEach((job, pool) -> out.sample(name, "scrape_job", job, value.applyAsDouble(pool)));
    }

    /** Scrapes no more. Series get no staleness markers: a server that comes back goes on where it was. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            pools.values().forEach(pool -> pool.stop(false));
            ending.forEach(pool -> pool.stop(false));
            pools.clear();
            ending.clear();
        }
        context.workspaces().close();
    }
}
