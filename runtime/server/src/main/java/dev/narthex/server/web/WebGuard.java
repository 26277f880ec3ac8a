// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.web;

import dev.narthex.config.WebConfig;
import dev.narthex.model.time.Ticker;
import dev.narthex.server.http.Gate;
import dev.narthex.server.http.Response;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.KeyCertOptions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;

/**
 * Stands before every route: lets a request through when the web configuration does, and adds the headers that it names.
 * Passwords that have not been seen are checked on a thread of their own. Safe for use by many threads.
 */
public final class WebGuard implements Gate {
    private final WebConfigFile file;
    private final Ticker ticker;
    private final Passwords passwords;
    private volatile TokenBucket bucket;

    public WebGuard(WebConfigFile file, SecureRandom random, Ticker ticker) {
        this.file = file;
        this.ticker = ticker;
        this.passwords = new Passwords(random);
        this.bucket = new TokenBucket(file.current().rateLimit(), ticker.nanos());
    }

    /** Makes a listener serve TLS, where the file says so. */
    public void secure(HttpServerOptions options) {
        if (file.isTls()) {
            options.setSsl(true)
                    .setUseAlpn(file.current().http2())
                    // Vert.x asks for one; the certificate is that of the engine.
                    .setKeyCertOptions(KeyCertOptions.wrap(noKeys()))
                    .setSslEngineOptions(new CurrentTls(file));
        }
    }

    private static KeyManagerFactory noKeys() {
        try {
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(null, new char[0]);
            return factory;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the standard key managers are part of every Java", e);
        }
    }

    /** The scheme that clients use. */
    public String scheme() {
        return file.isTls() ? "https" : "http";
    }

    @Override
    public void pass(HttpServerRequest request, Runnable next) {
        WebConfig config = file.current();
        if (!bucket(config.rateLimit()).take(ticker.nanos())) {
            refuse(request, 429, "Too Many Requests\n");
            return;
        }
        for (Map.Entry<String, String> header : config.headers().entrySet()) {
            request.response().putHeader(header.getKey(), header.getValue());
        }
        if (config.basicAuthUsers().isEmpty()) {
            next.run();
            return;
        }
        String authorization = request.getHeader("Authorization");
        Optional<Boolean> known = passwords.known(authorization, config.basicAuthUsers());
        if (known.isPresent()) {
            proceed(request, known.get(), next);
            return;
        }
        // Nothing of the request may arrive before somebody is there to take it.
        request.pause();
        Context eventLoop = Objects.requireNonNull(Vertx.currentContext(), "requests come on an event loop");
        Thread.ofVirtual().name("password").start(() -> {
            boolean isRight = passwords.check(authorization, config.basicAuthUsers());
            eventLoop.runOnContext(_ -> {
                proceed(request, isRight, next);
                request.resume();
            });
        });
    }

    private TokenBucket bucket(WebConfig.RateLimit limit) {
        TokenBucket known = bucket;
        if (!known.limit().equals(limit)) {
            known = new TokenBucket(limit, ticker.nanos());
            bucket = known;
        }
        return known;
    }

    private static void proceed(HttpServerRequest request, boolean isRight, Runnable next) {
        if (isRight) {
            next.run();
        } else {
            request.response().putHeader("WWW-Authenticate", "Basic");
            refuse(request, 401, "Unauthorized\n");
        }
    }

    private static void refuse(HttpServerRequest request, int status, String text) {
        HttpServerResponse response = request.response();
        if (!response.closed()) {
            response.setStatusCode(status)
                    .putHeader("X-Content-Type-Options", "nosniff")
                    .putHeader("Content-Type", Response.PLAIN)
                    .end(text);
        }
    }
}
