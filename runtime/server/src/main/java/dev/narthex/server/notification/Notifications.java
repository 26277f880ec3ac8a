// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.notification;

import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** What is to be known about the server now, and who is told of changes. Safe for use by many threads. */
public final class Notifications implements AutoCloseable {
    /** What a subscriber that does not read may have waiting; of more it loses the oldest. */
    private static final int MAX_WAITING = 64;

    private final InstantSource clock;
    private final int maxSubscribers;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<String, Notification> active = new LinkedHashMap<>();
    private final List<Subscription> subscriptions = new ArrayList<>();
    private boolean closed;
    private long sent;
    private long dropped;

    /** @param maxSubscribers that are told of changes at once, 0 for none */
    public Notifications(InstantSource clock, int maxSubscribers) {
        this.clock = clock;
        this.maxSubscribers = maxSubscribers;
    }

    /**
     * How telling goes.
     *
     * @param subscribers that are told now
     * @param sent what they have been told so far
     * @param dropped what subscribers lost that did not read
     */
    public record Counts(int subscribers, long sent, long dropped) {}

    public Counts counts() {
        lock.lock();
        try {
            return new Counts(subscriptions.size(), sent, dropped);
        } finally {
            lock.unlock();
        }
    }

    /** What is so now, the oldest first. */
    public List<Notification> active() {
        lock.lock();
        try {
            return List.copyOf(active.values());
        } finally {
            lock.unlock();
        }
    }

    /** Says that something is so, or no longer; that it is as it was changes nothing. */
    public void set(String text, boolean isSo) {
        lock.lock();
        try {
            Notification before = active.get(text);
            if ((before != null) == isSo) {
                return;
            }
            Notification now;
            if (before == null) {
                now = new Notification(text, clock.instant(), true);
                active.put(text, now);
            } else {
                now = new Notification(text, before.since(), false);
                active.remove(text);
            }
            subscriptions.forEach(subscription -> subscription.add(now));
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Begins to tell somebody: first what is so now, then each change. Null where as many as may be are there. */
    public @Nullable Subscription subscribe() {
        lock.lock();
        try {
            if (closed || subscriptions.size() >= maxSubscribers) {
                return null;
            }
            Subscription subscription = new Subscription();
            active.values().forEach(subscription::add);
            subscriptions.add(subscription);
            return subscription;
        } finally {
            lock.unlock();
        }
    }

    /** Tells nobody any more: each subscription ends once what it has waiting was read. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** One who is told. For one thread. */
    public final class Subscription implements AutoCloseable {
        private final Queue<Notification> waiting = new ArrayDeque<>();

        private Subscription() {}

        private void add(Notification notification) {
            if (waiting.size() == MAX_WAITING) {
                waiting.remove();
                dropped++;
            }
            waiting.add(notification);
        }

        /** Waits for the next; null when there will be no more. */
        public @Nullable Notification next() throws InterruptedException {
            lock.lockInterruptibly();
            try {
                while (waiting.isEmpty() && !closed) {
                    changed.await();
                }
                Notification next = waiting.poll();
                sent += next == null ? 0 : 1;
                return next;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            lock.lock();
            try {
                subscriptions.remove(this);
            } finally {
                lock.unlock();
            }
        }
    }
}
