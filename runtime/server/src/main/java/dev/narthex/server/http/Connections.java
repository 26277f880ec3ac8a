// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.http;

import dev.narthex.model.time.Ticker;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The connections of the listeners of a server: so many are served at once, further ones wait until one is closed, and those
 * that are silent for too long are closed. Silent is who sends nothing between two requests, or takes too long to send one;
 * nobody is while an answer is made or sent. Safe for use by many threads.
 */
public final class Connections {
    /** So many wait; further ones are closed. */
    private static final int MAX_WAITING = 1024;

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);

    private final HttpLimits limits;
    private final Ticker ticker;
    private final Map<HttpConnection, Served> open = new HashMap<>();
    private final ArrayDeque<Served> waiting = new ArrayDeque<>();
    private int served;

    /** What is known of a connection. Guarded by the lock of the connections. */
    private static final class Served {
        private final HttpConnection connection;
        /** Requests that came while it waits; null while it does not. */
        private @Nullable List<Runnable> held = new ArrayList<>();

        private int reading;
        private int answering;
        /** When it was accepted, the last request began, or the last answer ended. */
        private long sinceNanos;

        Served(HttpConnection connection) {
            this.connection = connection;
        }

        boolean isSilent(long nowNanos, long limitNanos) {
            return held == null && (answering == 0 || reading > 0) && nowNanos - sinceNanos > limitNanos;
        }
    }

    public Connections(HttpLimits limits, Ticker ticker) {
        this.limits = limits;
        this.ticker = ticker;
    }

    /** Looks after silent connections from now on, until the Vert.x is closed or the timer that is returned cancelled. */
    long watch(Vertx vertx) {
        long pause = Math.clamp(limits.idleTimeout().toMillis() / 8, 1, LONGEST_PAUSE.toMillis());
        return vertx.setPeriodic(pause, _ -> closeSilent());
    }

    private void closeSilent() {
        List<HttpConnection> silent = new ArrayList<>();
        synchronized (this) {
            long now = ticker.nanos();
            long limit = limits.idleTimeout().toNanos();
            for (Served known : open.values()) {
                if (known.isSilent(now, limit)) {
                    silent.add(known.connection);
                }
            }
        }
        silent.forEach(HttpConnection::close);
    }

    /** Takes a connection that was accepted; on its event loop. */
    void accepted(HttpConnection connection) {
        Served fresh = new Served(connection);
        boolean tooMany;
        synchronized (this) {
            tooMany = waiting.size() >= MAX_WAITING;
            if (!tooMany) {
                open.put(connection, fresh);
                waiting.add(fresh);
                serveNext();
            }
        }
        if (tooMany) {
            connection.close();
        } else {
            connection.closeHandler(_ -> closed(fresh));
        }
    }

    private synchronized void closed(Served gone) {
        if (open.remove(gone.connection) == null) {
            return;
        }
        if (gone.held == null) {
            served--;
        } else {
            waiting.remove(gone);
        }
        serveNext();
    }

    private synchronized void serveNext() {
        while (served < limits.maxConnections() && !waiting.isEmpty()) {
            Served next = waiting.remove();
            served++;
            List<Runnable> held = next.held;
            next.held = null;
            next.sinceNanos = ticker.nanos();
            if (held != null) {
                held.forEach(Runnable::run);
            }
        }
    }

    /**
     * Passes a request on, at once or when its connection is served; on its event loop. Until then it is paused, and whoever
     * reads it has to resume it.
     */
    void handle(HttpServerRequest request, Handler<HttpServerRequest> next) {
        Served of;
        synchronized (this) {
            of = open.get(request.connection());
            if (of != null && of.held != null) {
                request.pause();
                Context context = Vertx.currentContext();
                of.held.add(() -> context.runOnContext(_ -> pass(request, of, next)));
                return;
            }
        }
        if (of == null) {
            next.handle(request); // of a connection that was closed just now
        } else {
            pass(request, of, next);
        }
    }

    private void pass(HttpServerRequest request, Served of, Handler<HttpServerRequest> next) {
        synchronized (this) {
            of.reading++;
            of.answering++;
            of.sinceNanos = ticker.nanos();
        }
        request.end().onComplete(_ -> read(of));
        request.response().endHandler(_ -> answered(request, of));
        next.handle(request);
    }

    private synchronized void read(Served of) {
        of.reading--;
    }

    private void answered(HttpServerRequest request, Served of) {
        synchronized (this) {
            of.answering--;
            of.sinceNanos = ticker.nanos();
        }
        request.resume(); // what nobody has read
    }
}
