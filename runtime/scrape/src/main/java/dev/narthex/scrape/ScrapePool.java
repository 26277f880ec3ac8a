// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import dev.narthex.config.ScrapeConfig;
import dev.narthex.discovery.TargetGroup;
import dev.narthex.http.HttpFetcher;
import dev.narthex.model.Labels;
import dev.narthex.model.time.Durations;
import dev.narthex.scrape.TargetResolver.Resolution;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;

/** The targets of one scrape configuration, a loop each. Safe for use by many threads. */
final class ScrapePool {
    private static final Logger log = Logger.getLogger(ScrapePool.class);

    private static final double NANOS_PER_SECOND = 1e9;

    private final ScrapeContext context;
    private ScrapeConfig config;
    private List<TargetGroup> groups = List.of();
    private final Map<Labels, ScrapeLoop> loops = new LinkedHashMap<>();
    private final List<ScrapeLoop> ending = new ArrayList<>();
    private List<DroppedTargetView> dropped = List.of();
    private long syncs;
    private long failedTargets;
    private int droppedCount;
    private final Durations syncLengths = new Durations(16);
    private HttpFetcher fetcher;
    private boolean stopped;

    ScrapePool(ScrapeContext context, ScrapeConfig config) {
        this.context = context;
        this.config = config;
        fetcher = context.client().configured(config.httpClient());
    }

    /** Goes by another configuration; false where it is the same. Targets that are still there go on undisturbed. */
    synchronized boolean reload(ScrapeConfig newConfig) {
        if (newConfig.equals(config)) {
            return false;
        }
        if (!newConfig.httpClient().equals(config.httpClient())) {
            fetcher = context.client().configured(newConfig.httpClient());
        }
        config = newConfig;
        sync(groups);
        return true;
    }

    /** Scrapes exactly what has been found, from now on. */
    synchronized void sync(List<TargetGroup> found) {
        if (stopped) {
            return;
        }
        groups = found;
        syncs++;
        long startNanos = context.scheduler().ticker().nanos();
        Map<Labels, Target> wanted = resolve();
        Map<Labels, ScrapeLoop> vanished = new LinkedHashMap<>();
        Iterator<Map.Entry<Labels, ScrapeLoop>> entries = loops.entrySet().iterator();
        while (entries.hasNext()) {
            Map.Entry<Labels, ScrapeLoop> entry = entries.next();
            Target target = wanted.remove(entry.getKey());
            if (target != null) {
                entry.getValue().update(fetcher, target, config);
            } else {
                entries.remove();
                ScrapeLoop same = vanished.put(entry.getValue().target().labels(), entry.getValue());
                if (same != null) {
                    end(same);
                }
            }
        }
        wanted.forEach((key, target) -> loops.put(key, continuedOrNew(vanished, target)));
        ending.removeIf(ScrapeLoop::isFinished);
        vanished.values().forEach(this::end);
        enforceTargetLimit();
        syncLengths.note((context.scheduler().ticker().nanos() - startNanos) / NANOS_PER_SECOND);
    }

    private void enforceTargetLimit() {
        long limit = config.limits().targets();
        String refusal = "";
        if (limit > 0 && loops.size() > limit) {
            context.metrics().exceededTargetLimit.increment();
            refusal = "target_limit exceeded (number of targets: " + loops.size() + ", limit: " + limit + ")";
        }
        for (ScrapeLoop loop : loops.values()) {
            loop.refuse(refusal);
        }
    }

    private void end(ScrapeLoop loop) {
        loop.stop(true);
        ending.add(loop);
    }

    /** A loop that would end but scrapes the same place for the same labels as the target, or else a new one. */
    private ScrapeLoop continuedOrNew(Map<Labels, ScrapeLoop> vanished, Target target) {
        ScrapeLoop loop = vanished.get(target.labels());
        if (loop != null && target.isContinuationOf(loop.target())) {
            vanished.remove(target.labels());
            loop.update(fetcher, target, config);
        } else {
            loop = new ScrapeLoop(context, fetcher, target, config);
            loop.start();
        }
        return loop;
    }

    @SuppressWarnings("IfChainToSwitch") // the first switch by type that a JVM comes to costs a start 25 ms
    private Map<Labels, Target> resolve() {
        TargetResolver resolver = new TargetResolver(config);
        Map<Labels, Target> wanted = new LinkedHashMap<>();
        List<DroppedTargetView> left = new ArrayList<>();
        long kept = config.limits().keepDroppedTargets();
        int count = 0;
        for (TargetGroup group : groups) {
            for (Labels labels : group.targets()) {
                Resolution resolution = resolver.resolve(group, labels);
                if (resolution instanceof Resolution.Kept(Target target)) {
                    wanted.put(target.internalLabels(), target);
                } else if (resolution instanceof Resolution.Dropped(Labels discovered)) {
                    count++;
                    if (kept == 0 || left.size() < kept) {
                        left.add(new DroppedTargetView(config.jobName(), discovered, ""));
                    }
                } else if (resolution instanceof Resolution.Invalid(Labels discovered, String reason)) {
                    failedTargets++;
                    log.warnf("target left out job=%s err=%s labels=%s", config.jobName(), reason, discovered);
                    if (kept == 0 || left.size() < kept) {
                        left.add(new DroppedTargetView(config.jobName(), discovered, reason));
                    }
                }
            }
        }
        dropped = List.copyOf(left);
        droppedCount = count;
        return wanted;
    }

    /**
     * Scrapes no more.
     *
     * @param markStale whether the series of the targets get staleness markers; not when the server stops, as it will go
     *     on where it was
     */
    synchronized void stop(boolean markStale) {
        stopped = true;
        loops.values().forEach(loop -> loop.stop(markStale));
        if (!markStale) {
            ending.forEach(loop -> loop.stop(false));
        }
        ending.addAll(loops.values());
        loops.clear();
        dropped = List.of();
        droppedCount = 0;
    }

    synchronized boolean isFinished() {
        ending.removeIf(ScrapeLoop::isFinished);
        return stopped && ending.isEmpty();
    }

    synchronized List<TargetView> activeTargets() {
        return loops.values().stream().map(ScrapeLoop::view).toList();
    }

    synchronized List<DroppedTargetView> droppedTargets() {
        return dropped;
    }

    /** How many targets relabelling dropped, whether they are kept for the report or not. */
    synchronized int droppedCount() {
        return droppedCount;
    }

    /** What each target says of its metric families, by the labels of the target. */
    synchronized List<TargetMetadata> metadata() {
        return loops.values().stream()
                .map(loop -> new TargetMetadata(loop.target().labels(), loop.metadata()))
                .toList();
    }

    synchronized ScrapeConfig config() {
        return config;
    }

    synchronized long targetLimit() {
        return config.limits().targets();
    }

    /** How long it took to take over what has been found. */
    Durations syncLengths() {
        return syncLengths;
    }

    synchronized MetadataSize metadataSize() {
        return loops.values().stream().map(ScrapeLoop::metadataSize).reduce(MetadataSize.NONE, MetadataSize::plus);
    }

    synchronized int size() {
        return loops.size();
    }

    synchronized long syncs() {
        return syncs;
    }

    synchronized long failedTargets() {
        return failedTargets;
    }
}
