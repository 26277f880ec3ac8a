// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.memory;

import dev.narthex.model.time.Scheduler;
import dev.narthex.server.lifecycle.Component;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryNotificationInfo;
import java.lang.management.MemoryPoolMXBean;
import java.time.Duration;
import javax.management.ListenerNotFoundException;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Has the serial collector look at old objects as soon as they have doubled since it last did, and where it has little else
 * to do, as soon as an eighth has come.
 *
 * <p>Left alone, that collector takes new memory for old objects up to the largest heap before it looks which of them
 * are still in use, and it fits the young generation to the load at that moment only: beside heavy queries, whose
 * columns outlive a small young generation, gigabytes of garbage pile up. And what grows once, as tables do when targets
 * are found, leaves what it was before behind for as long as nothing grows any more. The collections between two doublings
 * take a hundredth of the time at most. Where no pool of that collector is there (other collectors, native executables)
 * nothing is done: they keep such a measure themselves.
 */
public final class OldGeneration implements Component, NotificationListener {
    private static final Logger log = Logger.getLogger(OldGeneration.class);

    private static final String POOL = "Tenured Gen";

    /** Growth that is left alone: in a small heap collecting everything saves little. */
    private static final long LEAST_GROWTH_BYTES = 48L << 20;

    private static final Duration LOOK_INTERVAL = Duration.ofSeconds(10);
    /** Growth that is left alone when looking at leisure: a part of what was in use, and so much of a small heap. */
    private static final int LEISURE_PARTS = 8;

    private static final long LEAST_LEISURE_GROWTH_BYTES = 8L << 20;
    private static final int LEISURE_TIMES = 100;

    private final Scheduler scheduler;
    /** Read by the thread that tells of growth. */
    private volatile @Nullable MemoryPoolMXBean pool;

    /** Guards the fields below, and is held while collecting. */
    private final Object lock = new Object();

    private long usedBytes;
    private long collectedNanos;
    private long durationNanos;
    private boolean stopped;
    private Scheduler.@Nullable Task look;

    public OldGeneration(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    @Override
    public String name() {
        return "old generation";
    }

    @Override
    public void start() {
        for (MemoryPoolMXBean candidate : ManagementFactory.getMemoryPoolMXBeans()) {
            if (candidate.getName().equals(POOL) && candidate.isUsageThresholdSupported()) {
                pool = candidate;
                synchronized (lock) {
                    collectedNanos = scheduler.ticker().nanos();
                    collected(candidate);
                    lookLater(candidate);
                }
                emitter().addNotificationListener(this, null, null);
            }
        }
    }

    private static NotificationEmitter emitter() {
        return (NotificationEmitter) ManagementFactory.getMemoryMXBean();
    }

    /** Called by a thread of the JVM's own. */
    @Override
    public void handleNotification(Notification notification, @Nullable Object handback) {
        MemoryPoolMXBean watched = pool;
        if (watched == null || !notification.getType().equals(MemoryNotificationInfo.MEMORY_THRESHOLD_EXCEEDED)) {
            return;
        }
        synchronized (lock) {
            if (!stopped && watched.isUsageThresholdExceeded()) {
                collect(watched);
            }
        }
    }

    private void lookLater(MemoryPoolMXBean watched) {
        look = scheduler.schedule(LOOK_INTERVAL, () -> look(watched));
    }

    private void look(MemoryPoolMXBean watched) {
        synchronized (lock) {
            if (stopped) {
                return;
            }
            long growth = watched.getUsage().getUsed() - usedBytes;
            boolean leisure = scheduler.ticker().nanos() - collectedNanos > LEISURE_TIMES * durationNanos;
            if (leisure && growth > Math.max(usedBytes / LEISURE_PARTS, LEAST_LEISURE_GROWTH_BYTES)) {
                collect(watched);
            }
            lookLater(watched);
        }
    }

    @SuppressWarnings("System.GC") // what this class is for
    private void collect(MemoryPoolMXBean watched) {
        long before = watched.getUsage().getUsed();
        long startNanos = scheduler.ticker().nanos();
        System.gc();
        collectedNanos = scheduler.ticker().nanos();
        durationNanos = collectedNanos - startNanos;
        collected(watched);
        log.debugf(
                "old objects collected before_bytes=%d after_bytes=%d duration_ms=%d",
                before, usedBytes, Duration.ofNanos(durationNanos).toMillis());
    }

    /** Waits for as much again; near the largest heap a little before the collector would look by itself. */
    private void collected(MemoryPoolMXBean watched) {
        usedBytes = watched.getUsage().getUsed();
        long most = watched.getUsage().getMax();
        long growth = Math.max(usedBytes, LEAST_GROWTH_BYTES);
        watched.setUsageThreshold(
                most < 0 ? usedBytes + growth : usedBytes + Math.min(growth, (most - usedBytes) / 8 * 7));
    }

    @Override
    public void stop(Duration deadline) {
        MemoryPoolMXBean watched = pool;
        if (watched != null) {
            synchronized (lock) {
                stopped = true;
                if (look != null) {
                    look.cancel();
                }
                watched.setUsageThreshold(0);
            }
            try {
                emitter().removeNotificationListener(this);
            } catch (ListenerNotFoundException e) {
                log.debugf(e, "was not listening");
            }
        }
    }
}
