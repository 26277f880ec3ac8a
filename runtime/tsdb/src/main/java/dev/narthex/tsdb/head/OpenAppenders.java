// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import java.util.ArrayDeque;
import java.util.ArrayList;

/**
 * The transactions that are under way, and how often the collector has marked idle series: a series may be removed once
 * every transaction has begun behind its mark. Safe for use by many threads; nothing waits while the lock is held.
 */
final class OpenAppenders {
    private static final int KEPT = 32;

    private final ArrayDeque<HeadAppender> kept = new ArrayDeque<>();
    private final ArrayList<HeadAppender> open = new ArrayList<>();
    private long round;
    private long begun;

    /** Begins a transaction on a head, in a round, before anybody can ask for the open ones again. */
    synchronized HeadAppender begin(Head head) {
        HeadAppender used = kept.poll();
        HeadAppender appender = used == null ? new HeadAppender(head) : used;
        appender.place(open.size());
        open.add(appender);
        appender.number(++begun);
        head.begin(appender, round);
        return appender;
    }

    /** A transaction has ended. */
    synchronized void ended(HeadAppender appender) {
        HeadAppender last = open.removeLast();
        if (last != appender) {
            open.set(appender.place(), last);
            last.place(appender.place());
        }
    }

    /** What is known of transactions, together with what others know of them. */
    synchronized TransactionCounts counts(long unknownSeries) {
        long oldest = open.stream().mapToLong(HeadAppender::number).min().orElse(begun);
        return new TransactionCounts(begun, open.size(), oldest, unknownSeries);
    }

    /** Keeps a closed appender for another transaction. */
    synchronized void keep(HeadAppender appender) {
        if (kept.size() < KEPT) {
            kept.push(appender);
        }
    }

    /** How often idle series were marked so far. */
    synchronized long round() {
        return round;
    }

    /** Ends the marking of idle series: appenders that begin from now on see the marks. The round of those. */
    synchronized long endMarking() {
        return ++round;
    }

    /** Whether an open transaction may use a series without having seen that it was marked in an earlier round. */
    synchronized boolean isOlderOpen(long thanRound) {
        return open.stream().anyMatch(appender -> appender.round() < thanRound);
    }

    /**
     * Changes what transactions begin with.
     *
     * @return whether no open transaction may still add a sample in order before a time
     */
    synchronized boolean refuseBefore(long timeMs, Runnable change) {
        change.run();
        return open.stream().noneMatch(appender -> appender.inOrderFromMs() < timeMs);
    }
}
