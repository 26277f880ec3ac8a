// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.demo;

import dev.narthex.exposition.ExpositionWriter;
import dev.narthex.model.Labels;
import dev.narthex.model.MetricType;
import dev.narthex.server.metrics.CounterFamily;
import dev.narthex.server.metrics.HistogramFamily;
import dev.narthex.server.metrics.MetricSource;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;

/**
 * The shop: customers ask for its routes, most are served, and while the fault is on one in three checkouts fails. Each
 * request takes a drawn time. Random draws come from one seeded source, so that equal seeds give equal traffic.
 */
final class Shop implements MetricSource {
    static final String CHECKOUT = "/checkout";
    static final List<String> ROUTES = List.of("/", "/cart", CHECKOUT);

    private static final int FAILING_SHARE = 3;
    private static final double MEDIAN_SECONDS = 0.03;
    private static final double SPREAD = 0.8;
    private static final double SLOW_FACTOR = 4;

    private final InstantSource clock;
    private final Random random;
    private final PriorityQueue<Instant> ends = new PriorityQueue<>();
    private final CounterFamily requests =
            new CounterFamily("demo_http_requests_total", "Requests answered, by route and status code.");
    private final HistogramFamily durations = new HistogramFamily(
            "demo_http_request_duration_seconds",
            "Time from request to answer.",
            0.005,
            0.01,
            0.025,
            0.05,
            0.1,
            0.25,
            0.5,
            1,
            2.5);
    private boolean faulty;

    Shop(InstantSource clock, long seed) {
        this.clock = clock;
        this.random = new Random(seed);
        for (String route : ROUTES) {
            // Both codes are there from the start, so that the first error is an increase.
            requests.with(labels(route, 200));
            requests.with(labels(route, 500));
            durations.with(Labels.of("route", route));
        }
    }

    private static Labels labels(String route, int code) {
        return Labels.of("route", route, "code", Integer.toString(code));
    }

    synchronized void setFaulty(boolean on) {
        faulty = on;
    }

    synchronized boolean isFaulty() {
        return faulty;
    }

    /** A customer asks for a route; the status code of the answer. */
    synchronized int request(String route) {
        boolean fails = faulty && route.equals(CHECKOUT) && random.nextInt(FAILING_SHARE) == 0;
        double seconds = MEDIAN_SECONDS * Math.exp(SPREAD * random.nextGaussian()) * (fails ? SLOW_FACTOR : 1);
        int code = fails ? 500 : 200;
        requests.with(labels(route, code)).increment();
        durations.with(Labels.of("route", route)).observe(seconds);
        ends.add(clock.instant().plus(Duration.ofNanos((long) (seconds * 1e9))));
        return code;
    }

    /** Customers come for a while: as many as the while is long, and now and then one more or less. */
    synchronized void customers(Duration duration, double perSecond) {
        double expected = perSecond * duration.toNanos() / 1e9;
        int count = (int) expected + (random.nextDouble() < expected - (int) expected ? 1 : 0);
        for (int i = 0; i < count; i++) {
            request(ROUTES.get(random.nextInt(ROUTES.size())));
        }
    }

    /** Requests that are under way now. */
    synchronized int inFlight() {
        Instant now = clock.instant();
        while (!ends.isEmpty() && !ends.element().isAfter(now)) {
            ends.remove();
        }
        return ends.size();
    }

    @Override
    public void writeTo(ExpositionWriter out) {
        requests.writeTo(out);
        durations.writeTo(out);
        gauge(out, "demo_http_requests_in_flight", "Requests under way.", inFlight());
        gauge(out, "demo_fault", "Whether the fault is on.", isFaulty() ? 1 : 0);
    }

    private static void gauge(ExpositionWriter out, String name, String help, double value) {
        out.family(name, MetricType.GAUGE, help).sample(name, value);
    }
}
