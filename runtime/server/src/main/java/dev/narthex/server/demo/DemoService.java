// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.demo;

import dev.narthex.model.time.Scheduler;
import dev.narthex.server.http.HttpLimits;
import dev.narthex.server.http.HttpListener;
import dev.narthex.server.http.HttpRouter;
import dev.narthex.server.http.Response;
import dev.narthex.server.http.Route;
import dev.narthex.server.lifecycle.Component;
import dev.narthex.server.metrics.MetricsPage;
import dev.narthex.server.metrics.ProcessMetrics;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * The {@link Shop} behind HTTP: its routes, {@code /metrics}, and {@code POST /fault/on} and {@code /fault/off}. Its own
 * traffic comes by the clock of its scheduler.
 */
public final class DemoService implements Component {
    private static final Logger log = Logger.getLogger(DemoService.class);
    private static final Duration TICK = Duration.ofMillis(100);
    private static final double CUSTOMERS_PER_SECOND = 30;

    private final Scheduler scheduler;
    private final DemoOptions options;
    private final Shop shop;
    private final HttpListener listener;
    private volatile boolean stopped;

    public DemoService(Vertx vertx, Scheduler scheduler, DemoOptions options) {
        this.scheduler = scheduler;
        this.options = options;
        this.shop = new Shop(scheduler.clock(), options.seed());
        HttpRouter router = new HttpRouter("", null, () -> true, (_, _, _, _) -> {}, scheduler.ticker());
        this.listener = new HttpListener(vertx, options.address(), HttpLimits.DEFAULT, router.build(routes()));
    }

    private List<Route> routes() {
        List<Route> routes = new ArrayList<>();
        for (String path : Shop.ROUTES) {
            routes.add(Route.get(path, _ -> {
                int code = shop.request(path);
                return Response.text(code, code == 200 ? "Thank you.\n" : "Something went wrong.\n");
            }));
        }
        ProcessMetrics process =
                new ProcessMetrics(Path.of("/proc/self"), scheduler.clock().instant());
        routes.add(Route.get("/metrics", new MetricsPage(List.of(shop, process))));
        routes.add(Route.postOrPut("/fault/on", _ -> fault(true)));
        routes.add(Route.postOrPut("/fault/off", _ -> fault(false)));
        return routes;
    }

    private Response fault(boolean on) {
        shop.setFaulty(on);
        log.infof("demo fault on=%s", on);
        return Response.text(200, on ? "One in three checkouts fails.\n" : "All checkouts are served.\n");
    }

    @Override
    public String name() {
        return "demo service";
    }

    /** Where the demo answers; known once it is started. */
    public String url() {
        return listener.url();
    }

    public int port() {
        return listener.port();
    }

    @Override
    public void start() throws IOException, InterruptedException {
        listener.start();
        scheduler.schedule(TICK, this::tick);
        if (!options.faultFor().isZero()) {
            scheduler.schedule(options.faultAfter(), () -> fault(true));
            scheduler.schedule(options.faultAfter().plus(options.faultFor()), () -> fault(false));
        }
    }

    private void tick() {
        if (!stopped) {
            shop.customers(TICK, CUSTOMERS_PER_SECOND);
            scheduler.schedule(TICK, this::tick);
        }
    }

    @Override
    public void stop(Duration deadline) throws InterruptedException {
        stopped = true;
        listener.stop(deadline);
    }
}
