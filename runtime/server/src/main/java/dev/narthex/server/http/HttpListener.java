// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.http;

import dev.narthex.model.time.Ticker;
import dev.narthex.server.lifecycle.Component;
import io.netty.handler.codec.TooLongFrameException;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** One address that is listened on. Started and stopped by one thread; the port may be asked for by many. */
public final class HttpListener implements Component {
    private static final Logger log = Logger.getLogger(HttpListener.class);
    private static final Duration BIND_LIMIT = Duration.ofSeconds(30);

    /** Go's limit for a request's head, which clients with long GET queries count on. */
    private static final int MAX_HEAD_BYTES = 1 << 20;

    private final Vertx vertx;
    private final ListenAddress address;
    private final Connections connections;
    private final Handler<HttpServerRequest> router;
    private final Consumer<HttpServerOptions> security;
    private volatile String scheme = "http";
    private @Nullable HttpServer server;
    private volatile int port;
    private long timer;

    /** A listener with limits of its own. */
    public HttpListener(Vertx vertx, ListenAddress address, HttpLimits limits, Handler<HttpServerRequest> router) {
        this(vertx, address, new Connections(limits, Ticker.system()), router, _ -> {});
    }

    /**
     * Makes a listener.
     *
     * @param connections those of all listeners that share limits
     * @param security adds TLS to the options, where there is to be some
     */
    public HttpListener(
            Vertx vertx,
            ListenAddress address,
            Connections connections,
            Handler<HttpServerRequest> router,
            Consumer<HttpServerOptions> security) {
        this.vertx = vertx;
        this.address = address;
        this.connections = connections;
        this.router = router;
        this.security = security;
    }

    @Override
    public String name() {
        return "http listener " + address;
    }

    @Override
    public void start() throws IOException, InterruptedException {
        HttpServerOptions options = new HttpServerOptions()
                .setHost(address.bindHost())
                .setPort(address.port())
                .setMaxInitialLineLength(MAX_HEAD_BYTES)
                .setMaxHeaderSize(MAX_HEAD_BYTES)
                .setHttp2ClearTextEnabled(false)
                .setReusePort(false);
        security.accept(options);
        scheme = options.isSsl() ? "https" : "http";
        Future<HttpServer> bound = vertx.createHttpServer(options)
                .requestHandler(request -> connections.handle(request, router))
                .invalidRequestHandler(HttpListener::refuse)
                .connectionHandler(connections::accepted)
                .listen();
        try {
            HttpServer listening =
                    bound.toCompletionStage().toCompletableFuture().get(BIND_LIMIT.toSeconds(), TimeUnit.SECONDS);
            server = listening;
            port = listening.actualPort();
        } catch (ExecutionException | TimeoutException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IOException(
                    "--web.listen-address=" + address + ": cannot listen, found " + cause.getMessage()
                            + "; stop what listens there or name another address",
                    cause);
        }
        timer = connections.watch(vertx);
        log.infof("listening address=%s port=%d", address.withPort(port), port);
    }

    private static void refuse(HttpServerRequest request) {
        RequestChecks.refuseUnreadable(request, request.decoderResult().cause() instanceof TooLongFrameException);
    }

    /** The port that is listened on: the one asked for, or the one the system chose for 0. */
    public int port() {
        return port;
    }

    /** Where the listener answers, as a client on this machine writes it. */
    public String url() {
        return scheme + "://" + address.clientHost() + ":" + port;
    }

    @Override
    public void stop(Duration deadline) throws InterruptedException {
        HttpServer listening = server;
        if (listening == null) {
            return;
        }
        server = null;
        boolean _ = vertx.cancelTimer(timer);
        try {
            listening.close().toCompletionStage().toCompletableFuture().get(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("http listener " + address + ": not closed in " + deadline, e);
        }
    }
}
