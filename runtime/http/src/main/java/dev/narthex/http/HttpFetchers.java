// SPDX-License-Identifier: Apache-2.0
package dev.narthex.http;

import dev.narthex.config.HttpClientConfig;
import dev.narthex.model.time.Ticker;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP client: HTTP/1.1 on connections that it keeps from request to request, straight from the socket into the
 * body's buffer; the calling thread, a virtual one as a rule, waits for the socket. Where TLS negotiates HTTP/2, the
 * JDK's client goes on. Itself it is a client by default options; {@link #configured} gives others, which share its
 * connections with nobody. Safe for use by many threads.
 */
public final class HttpFetchers implements HttpFetcher, AutoCloseable {
    private static final long MAX_IDLE_BUFFER_BYTES = 4 << 20;

    private final KeptConnections connections;
    private final @Nullable HttpLoop loop;
    private final InstantSource clock;
    private final Map<String, String> environment;
    private final BufferPool buffers = new BufferPool(MAX_IDLE_BUFFER_BYTES);
    private final AtomicLong ids = new AtomicLong();
    private final ConfiguredFetcher byDefault;

    /** A client that looks for proxies in the environment of the process where it is told to. */
    public HttpFetchers(Ticker ticker, InstantSource clock) {
        this(ticker, clock, System.getenv());
    }

    /**
     * A client.
     *
     * @param clock for the expiry of tokens
     * @param environment the variables that {@code proxy_from_environment} goes by
     */
    public HttpFetchers(Ticker ticker, InstantSource clock, Map<String, String> environment) {
        this(ticker, clock, environment, null);
    }

    /** A client that has a loop for calls that are repeated, closed by its owner after this. */
    public HttpFetchers(HttpLoop loop) {
        this(loop, System.getenv());
    }

    /** A client that has a loop and is told the environment. */
    public HttpFetchers(HttpLoop loop, Map<String, String> environment) {
        this(loop.ticker(), loop.clock(), environment, loop);
    }

    private HttpFetchers(Ticker ticker, InstantSource clock, Map<String, String> environment, @Nullable HttpLoop loop) {
        connections = new KeptConnections(ticker);
        this.loop = loop;
        this.clock = clock;
        this.environment = Map.copyOf(environment);
        byDefault = new ConfiguredFetcher(this, "", HttpClientConfig.DEFAULT);
    }

    @Override
    public HttpAnswer fetch(HttpCall call, BodyBuffer into) throws IOException, InterruptedException {
        return byDefault.fetch(call, into);
    }

    @Override
    public @Nullable RepeatedCall repeated(HttpCall call, BodyBuffer into, RepeatedCall.Listener listener) {
        return byDefault.repeated(call, into, listener);
    }

    @Override
    public HttpFetcher configured(HttpClientConfig config) {
        if (config.equals(HttpClientConfig.DEFAULT)) {
            return this;
        }
        return new ConfiguredFetcher(this, ids.incrementAndGet() + " ", config);
    }

    @Nullable
    HttpLoop loop() {
        return loop;
    }

    KeptConnections connections() {
        return connections;
    }

    InstantSource clock() {
        return clock;
    }

    Map<String, String> environment() {
        return environment;
    }

    BufferPool buffers() {
        return buffers;
    }

    /** How many connections are open, in use or waiting. */
    int openConnections() {
        return connections.size() + (loop == null ? 0 : loop.openConnections());
    }

    /** Closes all connections; requests on their way fail. */
    @Override
    public void close() {
        connections.close();
        if (loop != null) {
            loop.failAll(new IOException("the client is closed"));
        }
    }
}
