// SPDX-License-Identifier: Apache-2.0
package dev.narthex.model.time;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/** The scheduler of a running process: one timer thread, and a virtual thread for each task that is due. */
public final class SystemScheduler implements Scheduler, AutoCloseable {
    private static final Logger log = Logger.getLogger(SystemScheduler.class);

    private final InstantSource clock = WallClock.system();
    private final Ticker ticker = Ticker.system();
    private final ThreadFactory workers;
    private final ScheduledThreadPoolExecutor timer;

    /** @param name the prefix of its threads' names */
    public SystemScheduler(String name) {
        workers = Thread.ofVirtual().name(name + "/", 0).factory();
        timer = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name(name + "-timer").factory());
        timer.setRemoveOnCancelPolicy(true);
        // A task that runs while the process stops may want to come again.
        timer.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
    }

    @Override
    public InstantSource clock() {
        return clock;
    }

    @Override
    public Ticker ticker() {
        return ticker;
    }

    @Override
    public Task schedule(Duration delay, Runnable task) {
        AtomicBoolean taken = new AtomicBoolean();
        ScheduledFuture<?> future = timer.schedule(
                () -> {
                    if (taken.compareAndSet(false, true)) {
                        workers.newThread(() -> run(task)).start();
                    }
                },
                Math.max(0, delay.toNanos()),
                TimeUnit.NANOSECONDS);
        return () -> {
            future.cancel(false);
            return taken.compareAndSet(false, true);
        };
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            log.error("scheduled task failed", e);
        }
    }

    /** Drops what has not started, and what is scheduled from then on; what runs goes on. */
    @Override
    public void close() {
        timer.shutdownNow();
    }
}
