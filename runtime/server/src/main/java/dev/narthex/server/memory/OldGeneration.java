// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.memory;

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
 * Has the serial collector look at old objects as soon as they have doubled since it last did.
 *
 * <p>Left alone, that collector takes new memory for old objects up to the largest heap before it looks which of them
 * are still in use, and it fits the young generation to the load at that moment only: beside heavy queries, whose
 * columns outlive a small young generation, gigabytes of garbage pile up. Where no pool of that collector is there (other
 * collectors, native executables) nothing is done: they keep such a measure themselves.
 */
public final class OldGeneration implements Component, NotificationListener {
    private static final Logger log = Logger.getLogger(OldGeneration.class);

    private static final String POOL = "Tenured Gen";

    /** Growth that is left alone: in a small heap collecting everything saves little. */
    private static final long LEAST_GROWTH_BYTES = 48L << 20;

    /** Read by the thread that tells of growth. */
    private volatile @Nullable MemoryPoolMXBean pool;

    @Override
    public String name() {
        return "old generation";
    }

    @Override
    public void start() {
        for (MemoryPoolMXBean candidate : ManagementFactory.getMemoryPoolMXBeans()) {
            if (candidate.getName().equals(POOL) && candidate.isUsageThresholdSupported()) {
                pool = candidate;
                setThreshold(candidate, candidate.getUsage().getUsed());
                emitter().addNotificationListener(this, null, null);
            }
        }
    }

    private static NotificationEmitter emitter() {
        return (NotificationEmitter) ManagementFactory.getMemoryMXBean();
    }

    /** Called by a thread of the JVM's own. */
    @Override
    @SuppressWarnings("System.GC") // what this class is for
    public void handleNotification(Notification notification, @Nullable Object handback) {
        MemoryPoolMXBean watched = pool;
        if (watched == null || !notification.getType().equals(MemoryNotificationInfo.MEMORY_THRESHOLD_EXCEEDED)) {
            return;
        }
        long before = watched.getUsage().getUsed();
        System.gc();
        long after = watched.getUsage().getUsed();
        setThreshold(watched, after);
        log.debugf("old objects collected before_bytes=%d after_bytes=%d", before, after);
    }

    /** Near the largest heap a little before the collector would look by itself. */
    private static void setThreshold(MemoryPoolMXBean pool, long used) {
        long most = pool.getUsage().getMax();
        long growth = Math.max(used, LEAST_GROWTH_BYTES);
        pool.setUsageThreshold(most < 0 ? used + growth : used + Math.min(growth, (most - used) / 8 * 7));
    }

    @Override
    public void stop(Duration deadline) {
        MemoryPoolMXBean watched = pool;
        if (watched != null) {
            watched.setUsageThreshold(0);
            try {
                emitter().removeNotificationListener(this);
            } catch (ListenerNotFoundException e) {
                log.debugf(e, "was not listening");
            }
        }
    }
}
