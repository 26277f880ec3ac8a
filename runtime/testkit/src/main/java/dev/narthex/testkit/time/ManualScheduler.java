// SPDX-License-Identifier: Apache-2.0
package dev.narthex.testkit.time;

import dev.narthex.model.time.Scheduler;
import dev.narthex.model.time.Ticker;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A scheduler that runs what is due when a test moves its clock on: in order of due time, then of scheduling, with the
 * clock standing at each task's due time while it runs. Tasks run on the thread that moves the clock, so that a
 * simulation of days is single-threaded and repeatable, or on an executor of the test's choice.
 */
public final class ManualScheduler implements Scheduler {
    private final ManualClock clock;
    private final Executor executor;
    private final PriorityQueue<Waiting> queue =
            new PriorityQueue<>(Comparator.comparingLong(Waiting::dueNanos).thenComparingLong(Waiting::sequence));
    private final List<Throwable> failures = new ArrayList<>();
    private long sequence;

    public ManualScheduler() {
        this(new ManualClock());
    }

    public ManualScheduler(ManualClock clock) {
        this(clock, Runnable::run);
    }

    /** @param executor runs the tasks; moving the clock on does not wait for those that it runs elsewhere */
    public ManualScheduler(ManualClock clock, Executor executor) {
        this.clock = clock;
        this.executor = executor;
    }

    @Override
    public InstantSource clock() {
        return clock;
    }

    @Override
    public Ticker ticker() {
        return clock;
    }

    /** The same clock as {@link #clock()}, to be moved by hand. */
    public ManualClock manualClock() {
        return clock;
    }

    @Override
    public synchronized Task schedule(Duration delay, Runnable task) {
        long delayNanos = Math.max(0, delay.toNanos());
        Waiting waiting = new Waiting(clock.nanos() + delayNanos, sequence++, task);
        queue.add(waiting);
        return () -> cancel(waiting);
    }

    private synchronized boolean cancel(Waiting waiting) {
        return queue.remove(waiting);
    }

    /** Runs what is due now, and what that schedules for now. */
    public void runDue() {
        advance(Duration.ZERO);
    }

    /** Lets time pass and runs everything that falls due on the way, also what is scheduled on the way. */
    public void advance(Duration duration) {
        long endNanos = clock.nanos() + duration.toNanos();
        for (Waiting next = take(endNanos); next != null; next = take(endNanos)) {
            run(next.task());
        }
        long restNanos = endNanos - clock.nanos();
        if (restNanos > 0) {
            clock.advance(Duration.ofNanos(restNanos));
        }
    }

    /** Moves the clock to the next waiting task and runs it with all that is due then; false where nothing waits. */
    public boolean advanceToNext() {
        Optional<Duration> delay = nextDelay();
        delay.ifPresent(this::advance);
        return delay.isPresent();
    }

    /** How long the next waiting task still has to wait. */
    public synchronized Optional<Duration> nextDelay() {
        return Optional.ofNullable(queue.peek())
                .map(next -> Duration.ofNanos(Math.max(0, next.dueNanos() - clock.nanos())));
    }

    /** Tasks that wait for their time. */
    public synchronized int pending() {
        return queue.size();
    }

    /** What tasks have thrown so far, in order. */
    public synchronized List<Throwable> failures() {
        return List.copyOf(failures);
    }

    /** The same, which are forgotten. */
    public synchronized List<Throwable> takeFailures() {
        List<Throwable> taken = List.copyOf(failures);
        failures.clear();
        return taken;
    }

    private synchronized @Nullable Waiting take(long endNanos) {
        Waiting next = queue.peek();
        if (next == null || next.dueNanos() > endNanos) {
            return null;
        }
        queue.remove();
        long waitNanos = next.dueNanos() - clock.nanos();
        if (waitNanos > 0) {
            clock.advance(Duration.ofNanos(waitNanos));
        }
        return next;
    }

    private void run(Runnable task) {
        executor.execute(() -> {
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                synchronized (this) {
                    failures.add(e);
                }
            }
        });
    }

    private record Waiting(long dueNanos, long sequence, Runnable task) {}
}
