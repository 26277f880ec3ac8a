// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.web;

import dev.narthex.config.WebConfig;
import dev.narthex.model.time.Ticker;
import dev.narthex.server.http.Response;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.ext.web.RoutingContext;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;

/**
 * Stands before every route: lets a request through when the web configuration does, and adds the headers that it names.
 * Passwords that have not been seen are checked on a thread of their own. Safe for use by many threads.
 */
public final class WebGuard implements Handler<RoutingContext> {
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
    public void handle(RoutingContext context) {
        WebConfig config = file.current();
        if (!bucket(config.rateLimit()).take(ticker.nanos())) {
            refuse(context, 429, "Too Many Requests\n");
            return;
        }
        for (Map.Entry<String, String> header : config.headers().entrySet()) {
            context.response().putHeader(header.getKey(), header.getValue());
        }
        if (config.basicAuthUsers().isEmpty()) {
            context.next();
            return;
        }
        String authorization = context.request().getHeader("Authorization");
        Optional<Boolean> known = passwords.known(authorization, config.basicAuthUsers());
        if (known.isPresent()) {
            proceed(context, known.get());
            return;
        }
        // Nothing of the request may arrive before somebody is there to take it.
        context.request().pause();
        Context eventLoop = context.vertx().getOrCreateContext();
        Thread.ofVirtual().name("password").start(() -> {
            boolean isRight = passwords.check(authorization, config.basicAuthUsers());
            eventLoop.runOnContext(_ -> {
                proceed(context, isRight);
                context.request().resume();
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

    private static void proceed(RoutingContext context, boolean isRight) {
        if (isRight) {
            context.next();
        } else {
            context.response().putHeader("WWW-Authenticate", "Basic");
            refuse(context, 401, "Unauthorized\n");
        }
    }

    private static void refuse(RoutingContext context, int status, String text) {
        HttpServerResponse response = context.response();
        if (!response.closed()) {
            response.setStatusCode(status)
                    .putHeader("X-Content-Type-Options", "nosniff")
                    .putHeader("Content-Type", Response.PLAIN)
                    .end(text);
        }
    }
}
