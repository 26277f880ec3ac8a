// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape.http;

import dev.narthex.model.time.Ticker;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Fetches over plain HTTP/1.1 on connections that it keeps from scrape to scrape, straight from the socket into the body's
 * buffer; the calling thread, a virtual one as a rule, waits for the socket. A scrape costs a third of what it costs with
 * the JDK's client, which it leaves TLS and redirects to.
 */
public final class HttpScrapeClient implements ScrapeClient, AutoCloseable {
    private static final Duration MAX_IDLE = Duration.ofMinutes(5);
    private static final Duration SWEEP_INTERVAL = Duration.ofMinutes(1);
    private static final long MAX_IDLE_BUFFER_BYTES = 4 << 20;
    private static final int DEFAULT_PORT = 80;

    private final Ticker ticker;
    private final BufferPool buffers = new BufferPool(MAX_IDLE_BUFFER_BYTES);
    private final Set<HttpConnection> open = ConcurrentHashMap.newKeySet();
    /** By host and port, the one used last on top. */
    private final ConcurrentHashMap<String, Idle> idle = new ConcurrentHashMap<>();

    private long lastSweepNanos;
    private @Nullable JdkScrapeClient otherwise;
    private volatile boolean closed;

    /** A connection that waits for its next request, and those that have waited longer. */
    private record Idle(
            HttpConnection connection,
            long sinceNanos,
            @Nullable Idle others) {}

    public HttpScrapeClient(Ticker ticker) {
        this.ticker = ticker;
        lastSweepNanos = ticker.nanos();
    }

    @Override
    public ScrapeResponse fetch(ScrapeRequest request, BodyBuffer into) throws IOException, InterruptedException {
        if (!"http".equalsIgnoreCase(request.uri().getScheme())) {
            return otherwise().fetch(request, into);
        }
        Deadline deadline = Deadline.after(request.timeout(), ticker);
        ResponseHead head;
        try {
            head = exchange(request, into, deadline);
        } catch (BodyTooLargeException | HttpTimeoutException e) {
            throw e;
        } catch (IOException e) {
            throw explained(e);
        }
        if (isRedirect(head.status)) {
            into.clear();
            ScrapeRequest again = new ScrapeRequest(request.uri(), request.headers(), deadline.remaining());
            return otherwise().fetch(again, into);
        }
        return new ScrapeResponse(head.status, head.contentType, head.contentEncoding);
    }

    /** The JDK's client, made when it is first needed. */
    private synchronized JdkScrapeClient otherwise() throws IOException {
        if (closed) {
            throw new IOException("the client is closed");
        }
        if (otherwise == null) {
            otherwise = new JdkScrapeClient();
        }
        return otherwise;
    }

    private ResponseHead exchange(ScrapeRequest request, BodyBuffer into, Deadline deadline) throws IOException {
        String host = request.uri().getHost();
        int port = request.uri().getPort() < 0 ? DEFAULT_PORT : request.uri().getPort();
        String key = host + " " + port;
        byte[] bytes = bytes(request);
        HttpConnection kept = takeIdle(key);
        while (kept != null) {
            try {
                return exchange(kept, key, bytes, into, deadline);
            } catch (HttpTimeoutException | BodyTooLargeException e) {
                throw e;
            } catch (IOException e) {
                if (kept.isAnswered()) {
                    throw e;
                }
                // It had been closed at the other end while it waited; the request has not been worked on.
                kept = takeIdle(key);
            }
        }
        HttpConnection fresh = HttpConnection.open(unbracketed(host), port, buffers, deadline);
        open.add(fresh);
        if (closed) {
            drop(fresh);
            throw new IOException("the client is closed");
        }
        return exchange(fresh, key, bytes, into, deadline);
    }

    private ResponseHead exchange(
            HttpConnection connection, String key, byte[] bytes, BodyBuffer into, Deadline deadline)
            throws IOException {
        boolean reusable = false;
        try {
            ResponseHead head = connection.exchange(bytes, into, deadline);
            reusable = head.keepAlive && !closed;
            return head;
        } finally {
            if (reusable) {
                giveIdle(key, connection);
            } else {
                drop(connection);
            }
        }
    }

    private static byte[] bytes(ScrapeRequest request) {
        URI uri = request.uri();
        StringBuilder text = new StringBuilder(256).append("GET ");
        String path = uri.getRawPath();
        text.append(path == null || path.isEmpty() ? "/" : path);
        if (uri.getRawQuery() != null) {
            text.append('?').append(uri.getRawQuery());
        }
        text.append(" HTTP/1.1\r\nHost: ").append(uri.getRawAuthority()).append("\r\n");
        request.headers()
                .forEach((name, value) ->
                        text.append(name).append(": ").append(value).append("\r\n"));
        return text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String unbracketed(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    private static boolean isRedirect(int status) {
        return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
    }

    private @Nullable HttpConnection takeIdle(String key) {
        Idle[] taken = new Idle[1];
        idle.computeIfPresent(key, (_, top) -> {
            taken[0] = top;
            return top.others;
        });
        Idle top = taken[0];
        return top == null ? null : top.connection;
    }

    private void giveIdle(String key, HttpConnection connection) {
        long nowNanos = ticker.nanos();
        idle.compute(key, (_, others) -> new Idle(connection, nowNanos, others));
        if (closed) {
            drop(connection);
        }
        sweep(nowNanos);
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

    private void drop(HttpConnection connection) {
        open.remove(connection);
        try {
            connection.close();
        } catch (IOException _) {
            // It is not used any more.
        }
    }

    /** How many connections are open, in use or waiting. */
    int openConnections() {
        return open.size();
    }

    private static IOException explained(IOException failure) {
        String message = failure.getMessage() == null ? "" : failure.getMessage();
        return switch (failure) {
            case UnknownHostException _ -> new IOException("connect: no such host", failure);
            case ConnectException _, NoRouteToHostException _ ->
                new IOException("connect: " + lowerCase(message, "connection refused"), failure);
            case SocketException _ -> new IOException(lowerCase(message, "connection failed"), failure);
            default -> failure;
        };
    }

    private static String lowerCase(String message, String otherwise) {
        return message.isEmpty() ? otherwise : message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1);
    }

    /** Closes all connections; requests on their way fail. */
    @Override
    public void close() {
        closed = true;
        open.forEach(this::drop);
        idle.clear();
        synchronized (this) {
            if (otherwise != null) {
                otherwise.close();
            }
        }
    }
}
