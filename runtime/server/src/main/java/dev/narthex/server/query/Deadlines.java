// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.query;

import dev.narthex.model.time.Ticker;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Interrupts threads whose time is over. One thread watches; most of the time all is over long before its time, and so
 * neither beginning nor ending wakes that thread: it looks who is there when the time of one is over that may have ended.
 * Safe for use by many threads.
 */
final class Deadlines implements AutoCloseable {
    private final Ticker ticker;
    private final Set<Watch> running = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition earlier = lock.newCondition();

    /** Guarded by the lock, as the next two. */
    private @Nullable Thread watcher;

    private long watchedUntilNanos;
    private boolean closed;

    Deadlines(Ticker ticker) {
        this.ticker = ticker;
    }

    /** Why a thread was interrupted. */
    enum Reason {
        TIME_IS_OVER,
        STOP
    }

    /** What a thread does until it {@link #end}s. */
    static final class Watch {
        private final Thread thread = Thread.currentThread();
        private final long deadlineNanos;
        private boolean ended;
        private @Nullable Reason interruptedFor;

        private Watch(long deadlineNanos) {
            this.deadlineNanos = deadlineNanos;
        }

        private synchronized void interrupt(Reason reason) {
            if (!ended && interruptedFor == null) {
                interruptedFor = reason;
                thread.interrupt();
            }
        }

        private synchronized @Nullable Reason end() {
            ended = true;
            return interruptedFor;
        }
    }

    /** Watches the calling thread from now on; null when the server stops. */
    @Nullable
    Watch begin(long deadlineNanos) {
        Watch watch = new Watch(deadlineNanos);
        running.add(watch);
        lock.lock();
        try {
            if (closed) {
                running.remove(watch);
                return null;
            }
            if (watcher == null) {
                watchedUntilNanos = deadlineNanos;
                watcher = Thread.ofPlatform().name("query-deadlines").daemon().start(this::watch);
            } else if (deadlineNanos - watchedUntilNanos < 0) {
                watchedUntilNanos = deadlineNanos;
                earlier.signal();
            }
        } finally {
            lock.unlock();
        }
        return watch;
    }

    /** Watches no more; says why the thread was interrupted, null where it was not from here. */
    @Nullable
    Reason end(Watch watch) {
        running.remove(watch);
        return watch.end();
    }

    private void watch() {
        lock.lock();
        try {
            while (!closed) {
                long rest = watchedUntilNanos - ticker.nanos();
                if (rest > 0) {
                    long _ = earlier.awaitNanos(rest);
                    continue;
                }
                long now = ticker.nanos();
                long next = Long.MAX_VALUE;
                for (Watch watch : running) {
                    long left = watch.deadlineNanos - now;
                    if (left <= 0) {
                        watch.interrupt(Reason.TIME_IS_OVER);
                    } else {
                        next = Math.min(next, left);
                    }
                }
                if (next == Long.MAX_VALUE) {
                    watcher = null; // the next one who begins starts another
                    return;
                }
                watchedUntilNanos = now + next;
            }
        } catch (InterruptedException e) {
            watcher = null;
        } finally {
            lock.unlock();
        }
    }

    /** Interrupts everyone and lets nobody begin. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            earlier.signal();
        } finally {
            lock.unlock();
        }
        running.forEach(watch -> watch.interrupt(Reason.STOP));
    }
}
