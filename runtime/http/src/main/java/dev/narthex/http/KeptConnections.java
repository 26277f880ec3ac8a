// SPDX-License-Identifier: Apache-2.0
package dev.narthex.http;

import dev.narthex.model.time.Ticker;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Connections that are open: those in use, and those that wait for the next request. Safe for use by many threads. */
final class KeptConnections {
    private static final Duration MAX_IDLE = Duration.ofMinutes(5);
    private static final Duration SWEEP_INTERVAL = Duration.ofMinutes(1);

    private final Ticker ticker;
    private final Set<HttpConnection> open = ConcurrentHashMap.newKeySet();
    /** By where they lead to, the one used last on top. */
    private final ConcurrentHashMap<String, Idle> idle = new ConcurrentHashMap<>();

    private long lastSweepNanos;
    private volatile boolean closed;

    /** A connection that waits for its next request, and those that have waited longer. */
    private record Idle(
            HttpConnection connection,
            long sinceNanos,
            @Nullable Idle others) {}

    KeptConnections(Ticker ticker) {
        this.ticker = ticker;
        lastSweepNanos = ticker.nanos();
    }

    Ticker ticker() {
        return ticker;
    }

    boolean isClosed() {
        return closed;
    }

    /** A connection that waits, which is the caller's from now on. */
    @Nullable
    HttpConnection take(String key) {
        Idle[] taken = new Idle[1];
        idle.computeIfPresent(key, (_, top) -> {
            taken[0] = top;
            return top.others;
        });
        Idle top = taken[0];
        return top == null ? null : top.connection;
    }

    /** Counts a new connection as open. */
    void opened(HttpConnection connection) throws IOException {
        open.add(connection);
        if (closed) {
            drop(connection);
            throw new IOException("the client is closed");
        }
    }

    /** Takes a connection back that can be used again. */
    void give(String key, HttpConnection connection) {
        long nowNanos = ticker.nanos();
        idle.compute(key, (_, others) -> new Idle(connection, nowNanos, others));
        if (closed) {
            drop(connection);
        }
        sweep(nowNanos);
    }

    /** Closes a connection that cannot be used again. */
    void drop(HttpConnection connection) {
        open.remove(connection);
        try {
            connection.close();
        } catch (IOException _) {
            // It is not used any more.
        }
    }

    /** How many connections are open, in use or waiting. */
    int size() {
        return open.size();
    }

    /** Now and then closes what nobody has used for long: its target is gone, or scraped rarely. */
    private void sweep(long nowNanos) {
        synchronized (this) {
            if (nowNanos - lastSweepNanos < SWEEP_INTERVAL.toNanos()) {
                return;
            }
            lastSweepNanos = nowNanos;
        }
        for (String key : idle.keySet()) {
            idle.computeIfPresent(key, (_, top) -> withoutOld(top, nowNanos));
        }
    }

    private @Nullable Idle withoutOld(@Nullable Idle top, long nowNanos) {
        if (top == null) {
            return null;
        }
        if (nowNanos - top.sinceNanos < MAX_IDLE.toNanos()) {
            return new Idle(top.connection, top.sinceNanos, withoutOld(top.others, nowNanos));
        }
        // Those below have waited longer still.
        for (Idle old = top; old != null; old = old.others) {
            drop(old.connection);
        }
        return null;
    }

    /** Closes all; requests on their way fail. */
    void close() {
        closed = true;
        open.forEach(this::drop);
        idle.clear();
    }
}
