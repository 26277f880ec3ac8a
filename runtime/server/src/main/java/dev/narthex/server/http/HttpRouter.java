// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.http;

import com.google.re2j.Pattern;
import dev.narthex.memory.MemoryAccount;
import dev.narthex.model.time.Ticker;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The routes of a server as a Vert.x router, with what all of them share. Safe for use by many threads. */
public final class HttpRouter {
    private final Vertx vertx;
    private final String prefix;
    private final BooleanSupplier ready;
    private final RequestObserver observer;
    private final Ticker ticker;
    private final @Nullable Pattern corsOrigin;
    private final @Nullable Handler<RoutingContext> guard;
    private final MemoryAccount bodies;
    private final RequestsInFlight inFlight = new RequestsInFlight();
    private final RequestThreads threads = new RequestThreads();
    private volatile boolean draining;

    /** A router that lets everybody in. */
    public HttpRouter(
            Vertx vertx,
            String prefix,
            @Nullable Pattern corsOrigin,
            BooleanSupplier ready,
            RequestObserver observer,
            Ticker ticker) {
        this(vertx, prefix, corsOrigin, null, ready, observer, ticker, new MemoryAccount(Long.MAX_VALUE));
    }

    /**
     * Makes a router.
     *
     * @param prefix put before every path, empty or like {@code /prometheus}
     * @param corsOrigin origins that scripts may come from, anchored; null for none
     * @param guard stands before every route and lets requests through by {@link RoutingContext#next}; null for none
     * @param ready whether routes that need it are answered
     * @param bodies what the bodies of all requests may take that are read or answered
     */
    public HttpRouter(
            Vertx vertx,
            String prefix,
            @Nullable Pattern corsOrigin,
            @Nullable Handler<RoutingContext> guard,
            BooleanSupplier ready,
            RequestObserver observer,
            Ticker ticker,
            MemoryAccount bodies) {
        this.bodies = bodies;
        this.vertx = vertx;
        this.prefix = prefix;
        this.corsOrigin = corsOrigin;
        this.guard = guard;
        this.ready = ready;
        this.observer = observer;
        this.ticker = ticker;
    }

    /** Builds the Vert.x router of some routes. */
    public Router build(List<Route> routes) {
        Router router = Router.router(vertx);
        router.route().handler(new RequestChecks(prefix));
        if (guard != null) {
            router.route().handler(guard);
        }
        Map<String, Handler<RoutingContext>> exact = new HashMap<>();
        router.route().handler(context -> find(context, exact));
        for (Route route : routes) {
            observer.known(route.path());
            bind(router, prefix + route.path(), route, exact);
        }
        if (!prefix.isEmpty()) {
            bind(router, "/", Route.get("/", _ -> Response.redirect(prefix)).always(), exact);
            router.route(prefix).handler(this::intoPrefix);
        }
        router.errorHandler(404, this::notFound);
        return router;
    }

    /**
     * Goes straight to the route of a path that is written as the route is: of a hundred routes, one after the other would
     * be asked. Prometheus finds its routes by decoded paths: a slash that is encoded ends a segment as any other.
     */
    private static void find(RoutingContext context, Map<String, Handler<RoutingContext>> exact) {
        String path = context.request().path();
        Handler<RoutingContext> handler = exact.get(path);
        if (handler != null) {
            handler.handle(context);
        } else if (path.contains("%2F") || path.contains("%2f")) {
            context.reroute(path.replace("%2F", "/").replace("%2f", "/"));
        } else {
            context.next();
        }
    }

    private void notFound(RoutingContext context) {
        HttpServerResponse response = context.response();
        if (context.request().method().name().equals("OPTIONS") && isApi(context)) {
            cors(context);
            response.setStatusCode(204).end();
        } else {
            response.putHeader("X-Content-Type-Options", "nosniff");
            plain(response, 404, "404 page not found\n");
        }
    }

    /** Scripts of other origins may ask the API, nothing else. Alertmanager's API says that of itself. */
    private boolean isApi(RoutingContext context) {
        String path = context.request().path();
        return path.startsWith(prefix + "/api/v1/");
    }

    private void bind(Router router, String path, Route route, Map<String, Handler<RoutingContext>> exact) {
        String allowed = Stream.concat(route.methods().stream(), Stream.of("OPTIONS"))
                .sorted()
                .collect(Collectors.joining(", "));
        Handler<RoutingContext> handler = context -> serve(context, route, allowed);
        router.route(path).handler(handler);
        if (path.indexOf(':') < 0 && path.indexOf('*') < 0) {
            exact.putIfAbsent(path, handler);
        }
    }

    /** The prefix alone stands for the page below it. */
    private void intoPrefix(RoutingContext context) {
        if (context.request().method().name().equals("GET")) {
            redirect(context, prefix + "/");
        } else {
            notFound(context);
        }
    }

    private void serve(RoutingContext context, Route route, String allowed) {
        HttpServerResponse response = context.response();
        String method = context.request().method().name();
        boolean api = isApi(context);
        if (isBesideRoute(context, route)) {
            if (!route.methods().contains(method) && !method.equals("OPTIONS")) {
                notFound(context);
                return;
            } else if (!isBelowApi(context)) {
                String location = context.request().path();
                redirect(context, location.substring(0, location.length() - 1));
                return;
            }
        }
        if (api && (method.equals("OPTIONS") || (route.methods().contains(method) && !route.isForPrograms()))) {
            cors(context);
        }
        if (method.equals("OPTIONS") && !route.methods().contains("OPTIONS")) {
            if (!api) {
                response.putHeader("Allow", allowed);
            }
            response.setStatusCode(api ? 204 : 200).end();
        } else if (!route.methods().contains(method)) {
            response.putHeader("Allow", allowed).putHeader("X-Content-Type-Options", "nosniff");
            plain(response, 405, "Method Not Allowed\n");
        } else if (draining || (route.needsReady() && !ready.getAsBoolean())) {
            if (draining) {
                response.putHeader("X-Prometheus-Stopping", "true");
            }
            plain(response, 503, "Service Unavailable");
        } else {
            new Exchange(context, route, observer, ticker, inFlight, threads, bodies).begin();
        }
    }

    /** Whether a path is that of its route but for a slash at its end. */
    private boolean isBesideRoute(RoutingContext context, Route route) {
        return context.request().path().endsWith("/") && !route.path().endsWith("/");
    }

    /** Where Prometheus redirects to what is not there, such a path means the one without the slash. */
    private boolean isBelowApi(RoutingContext context) {
        return context.request().path().startsWith(prefix + "/api/");
    }

    /** To a path that means the same; a client may change the method to GET where it reads, and nowhere else. */
    private static void redirect(RoutingContext context, String path) {
        String query = context.request().query();
        String location = query == null ? path : path + "?" + query;
        HttpServerResponse response = context.response().putHeader("Location", location);
        if (context.request().method().name().equals("GET")) {
            response.setStatusCode(301)
                    .putHeader("Content-Type", Response.HTML)
                    .end("<a href=\"" + RequestChecks.inHtml(location) + "\">Moved Permanently</a>.\n\n");
        } else {
            response.setStatusCode(307).end();
        }
    }

    private void cors(RoutingContext context) {
        HttpServerResponse response = context.response();
        response.headers().add("Vary", "Accept-Encoding").add("Vary", "Origin");
        String origin = context.request().getHeader("Origin");
        if (origin == null || corsOrigin == null) {
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
