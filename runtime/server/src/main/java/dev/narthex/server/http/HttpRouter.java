// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.http;

import com.google.re2j.Pattern;
import dev.narthex.memory.MemoryAccount;
import dev.narthex.model.time.Ticker;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The routes of a server, with what all of them share. Safe for use by many threads. */
public final class HttpRouter {
    private static final String V1 = "/api/v1/";

    private final String prefix;
    private final BooleanSupplier ready;
    private final RequestObserver observer;
    private final Ticker ticker;
    private final @Nullable Pattern corsOrigin;
    private final @Nullable Gate guard;
    private final MemoryAccount bodies;
    private final RequestsInFlight inFlight = new RequestsInFlight();
    private final RequestThreads threads = new RequestThreads();
    private volatile boolean draining;

    /** A router that lets everybody in. */
    public HttpRouter(
            String prefix,
            @Nullable Pattern corsOrigin,
            BooleanSupplier ready,
            RequestObserver observer,
            Ticker ticker) {
        this(prefix, corsOrigin, null, ready, observer, ticker, new MemoryAccount(Long.MAX_VALUE));
    }

    /**
     * Makes a router.
     *
     * @param prefix put before every path, empty or like {@code /prometheus}
     * @param corsOrigin origins that scripts may come from, anchored; null for none
     * @param guard stands before every route and lets requests through; null for none
     * @param ready whether routes that need it are answered
     * @param bodies what the bodies of all requests may take that are read or answered
     */
    public HttpRouter(
            String prefix,
            @Nullable Pattern corsOrigin,
            @Nullable Gate guard,
            BooleanSupplier ready,
            RequestObserver observer,
            Ticker ticker,
            MemoryAccount bodies) {
        this.bodies = bodies;
        this.prefix = prefix;
        this.corsOrigin = corsOrigin;
        this.guard = guard;
        this.ready = ready;
        this.observer = observer;
        this.ticker = ticker;
    }

    /** What answers requests by some routes. */
    public Handler<HttpServerRequest> build(List<Route> routes) {
        routes.forEach(route -> observer.known(route.path()));
        RequestChecks checks = new RequestChecks(prefix);
        RouteTable table = new RouteTable(prefix, routes);
        return request -> {
            if (asksForEnd(request)) {
                request.response().putHeader("Connection", "close");
            }
            if (checks.answers(request)) {
                return;
            }
            if (guard == null) {
                route(request, table);
            } else {
                guard.pass(request, () -> route(request, table));
            }
        };
    }

    private void route(HttpServerRequest request, RouteTable table) {
        String sent = request.path();
        String path = Objects.requireNonNull(RouteTable.decoded(sent), "RequestChecks lets no other through");
        if (!prefix.isEmpty() && (path.equals("/") || path.equals(prefix))) {
            besidePrefix(request, path);
            return;
        }
        boolean api = path.startsWith(prefix + "/api/");
        if (path.startsWith(prefix + V1) && !sent.startsWith(prefix + V1)) {
            notFound(request); // Prometheus hands its API over by this prefix as it is sent
            return;
        }
        // Where Prometheus redirects to what is not there, a path with a slash at its end means the one without.
        RouteTable.Match match =
                api && path.endsWith("/") ? besideRoute(request, table, path.substring(0, path.length() - 1)) : null;
        if (match == null) {
            match = table.find(path);
        }
        String other = match == null ? table.besides(path) : null;
        if (match != null) {
            serve(request, match);
        } else if (other != null && !other.startsWith(prefix + "/api/") && isTaken(request, table, other)) {
            boolean reads = request.method().name().equals("GET");
            Redirect.send(request, reads ? Redirect.MOVED : Redirect.TEMPORARY, other);
        } else {
            notFound(request);
        }
    }

    private static RouteTable.@Nullable Match besideRoute(HttpServerRequest request, RouteTable table, String path) {
        RouteTable.Match match = table.find(path);
        String method = request.method().name();
        return match != null
                        && (method.equals("OPTIONS") || match.route().methods().contains(method))
                ? match
                : null;
    }

    private static boolean isTaken(HttpServerRequest request, RouteTable table, String path) {
        RouteTable.Match match = table.find(path);
        return match != null
                && match.route().methods().contains(request.method().name());
    }

    /** The root stands for the page below the prefix, and so does the prefix alone. */
    private void besidePrefix(HttpServerRequest request, String path) {
        boolean root = path.equals("/");
        if (root) {
            serve(
                    request,
                    new RouteTable.Match(
                            Route.get("/", _ -> Response.redirect(prefix)).always(), Map.of()));
        } else if (request.method().name().equals("GET")) {
            Redirect.send(request, Redirect.MOVED, prefix + "/");
        } else {
            notFound(request);
        }
    }

    private void notFound(HttpServerRequest request) {
        HttpServerResponse response = request.response();
        if (request.method().name().equals("OPTIONS") && isApi(request)) {
            cors(request);
            response.setStatusCode(204).end();
        } else {
            response.putHeader("X-Content-Type-Options", "nosniff");
            plain(response, 404, "404 page not found\n");
        }
    }

    /** Scripts of other origins may ask the API, nothing else. Alertmanager's API says that of itself. */
    private boolean isApi(HttpServerRequest request) {
        String path = request.path();
        return path.startsWith(prefix + V1);
    }

    private void serve(HttpServerRequest request, RouteTable.Match match) {
        Route route = match.route();
        HttpServerResponse response = request.response();
        String method = request.method().name();
        boolean api = isApi(request);
        if (api && (method.equals("OPTIONS") || (route.methods().contains(method) && route.isForScripts()))) {
            cors(request);
        }
        if (method.equals("OPTIONS") && !route.methods().contains("OPTIONS")) {
            if (!api) {
                response.putHeader("Allow", route.allowed());
            }
            response.setStatusCode(api ? 204 : 200).end();
        } else if (!route.methods().contains(method)) {
            response.putHeader("Allow", route.allowed()).putHeader("X-Content-Type-Options", "nosniff");
            plain(response, 405, "Method Not Allowed\n");
        } else if (draining || (route.needsReady() && !ready.getAsBoolean())) {
            if (draining) {
                response.putHeader("X-Prometheus-Stopping", "true");
            }
            plain(response, 503, "Service Unavailable");
        } else {
            new Exchange(request, match, observer, ticker, inFlight, threads, bodies).begin();
        }
    }

    /** Whether the client wants no other answer on its connection: in a list too, as Go's servers take it. */
    private static boolean asksForEnd(HttpServerRequest request) {
        String wanted = request.getHeader("Connection");
        return wanted != null
                && wanted.indexOf(',') >= 0
                && request.version() != HttpVersion.HTTP_2
                && Stream.of(wanted.split(",", -1))
                        .anyMatch(token -> token.strip().equalsIgnoreCase("close"));
    }

    private void cors(HttpServerRequest request) {
        HttpServerResponse response = request.response();
        response.headers().add("Vary", "Accept-Encoding").add("Vary", "Origin");
        String origin = request.getHeader("Origin");
        if (origin == null || origin.isEmpty() || corsOrigin == null) {
            return;
        }
        response.putHeader("Access-Control-Allow-Headers", "Accept, Authorization, Content-Type, Origin")
                .putHeader("Access-Control-Allow-Methods", "GET, POST, OPTIONS")
                .putHeader("Access-Control-Expose-Headers", "Date");
        // It is this one that a browser goes by.
        if (corsOrigin.matches(origin)) {
            response.putHeader("Access-Control-Allow-Origin", origin);
        }
    }

    private static void plain(HttpServerResponse response, int status, String text) {
        response.setStatusCode(status).putHeader("Content-Type", Response.PLAIN).end(text);
    }

    /**
     * Answers every further request with 503 and waits for those in flight to come to their end.
     *
     * @return whether they did within the limit
     */
    public boolean drain(Duration limit) throws InterruptedException {
        draining = true;
        boolean drained = inFlight.awaitNone(limit);
        threads.stop();
        return drained;
    }

    /** Requests that are being answered now. */
    public int inFlight() {
        return inFlight.count();
    }
}
