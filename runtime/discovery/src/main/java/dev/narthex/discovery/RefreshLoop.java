// SPDX-License-Identifier: Apache-2.0
package dev.narthex.discovery;

import dev.narthex.model.time.Scheduler;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A discoverer that asks its source for all targets again and again: at once, then after each interval. Where the source
 * fails, the targets stay as they were. Safe for use by many threads.
 */
public final class RefreshLoop implements Discoverer {
    private static final Logger log = Logger.getLogger(RefreshLoop.class);
    private static final double NANOS_PER_SECOND = 1e9;

    private final Scheduler scheduler;
    private final String mechanism;
    private final String pool;
    private final Duration interval;
    private final DiscoveryMetrics metrics;
    private final Source source;

    private Set<String> known = new HashSet<>();
    private Scheduler.@Nullable Task task;
    private boolean closed;

    /** Where targets come from. */
    @FunctionalInterface
    public interface Source {
        /**
         * All groups that there are now; may wait.
         *
         * @throws IOException when the source cannot be read; the message says why
         */
        List<TargetGroup> read() throws IOException, InterruptedException;
    }

    /**
     * A loop that is not started yet.
     *
     * @param mechanism its name in metrics, for example {@code http}
     * @param pool the pool that metrics are for
     */
    public RefreshLoop(
            Scheduler scheduler,
            String mechanism,
            String pool,
            Duration interval,
            DiscoveryMetrics metrics,
            Source source) {
        this.scheduler = scheduler;
        this.mechanism = mechanism;
        this.pool = pool;
        this.interval = interval;
        this.metrics = metrics;
        this.source = source;
    }

    @Override
    public synchronized void start(Consumer<List<TargetGroup>> sink) {
        if (!closed) {
            task = scheduler.schedule(Duration.ZERO, () -> refresh(sink));
        }
    }

    private void refresh(Consumer<List<TargetGroup>> sink) {
        long startNanos = scheduler.ticker().nanos();
        DiscoveryMetrics.Refreshes counts = metrics.refreshes(mechanism, pool);
        try {
            List<TargetGroup> groups = source.read();
            List<TargetGroup> update = withGone(groups);
            synchronized (this) {
                if (closed) {
                    return;
                }
            }
            sink.accept(update);
        } catch (IOException e) {
            counts.failures.increment();
            log.warnf("targets not refreshed, the last ones stay mechanism=%s err=%s", mechanism, e.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            long tookNanos = scheduler.ticker().nanos() - startNanos;
            counts.durations.note(tookNanos / NANOS_PER_SECOND);
            synchronized (this) {
                if (!closed) {
                    Duration pause = interval.minusNanos(Math.min(tookNanos, interval.toNanos()));
                    task = scheduler.schedule(pause, () -> refresh(sink));
                }
            }
        }
    }

    private List<TargetGroup> withGone(List<TargetGroup> groups) {
        Set<String> now = new HashSet<>();
        groups.forEach(group -> now.add(group.source()));
        List<TargetGroup> update = new ArrayList<>(groups);
        for (String source : known) {
            if (!now.contains(source)) {
                update.add(TargetGroup.gone(source));
            }
        }
        known = now;
        return update;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (task != null) {
            task.cancel();
        }
    }
}
