// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.metrics;

import dev.narthex.exposition.ExpositionWriter;
import dev.narthex.model.Labels;
import dev.narthex.server.http.RequestObserver;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** The metrics of the HTTP interface: {@code prometheus_http_*}. Safe for use by many threads. */
public final class HttpMetrics implements RequestObserver, MetricSource {
    private final CounterFamily requests =
            new CounterFamily("prometheus_http_requests_total", "Counter of HTTP requests.");
    private final HistogramFamily durations = new HistogramFamily(
            "prometheus_http_request_duration_seconds",
            "Histogram of latencies for HTTP requests.",
            0.1,
            0.2,
            0.4,
            1,
            3,
            8,
            20,
            60,
            120);
    private final HistogramFamily sizes = new HistogramFamily(
            "prometheus_http_response_size_bytes",
            "Histogram of response size for HTTP requests.",
            100,
            1_000,
            10_000,
            100_000,
            1e6,
            1e7,
            1e8,
            1e9);

    /** By route, so that no labels are made and compared for a request. */
    private final Map<String, OfRoute> byRoute = new ConcurrentHashMap<>();

    private final class OfRoute {
        private final String route;
        private final HistogramFamily.Histogram duration;
        private final HistogramFamily.Histogram size;
        private final Map<Integer, LongAdder> byStatus = new ConcurrentHashMap<>();

        OfRoute(String route) {
            this.route = route;
            Labels handler = Labels.of("handler", route);
            duration = durations.with(handler);
            size = sizes.with(handler);
        }

        void answered(int status, long elapsedNanos, long bodyBytes) {
            byStatus.computeIfAbsent(
                            status, code -> requests.with(Labels.of("code", Integer.toString(code), "handler", route)))
                    .increment();
            duration.observe(elapsedNanos / 1e9);
            size.observe((double) bodyBytes);
        }
    }

    /** Its counter is there from the start, so that the first request is an increase. */
    @Override
    public void known(String route) {
        requests.with(Labels.of("code", "200", "handler", route)).add(0);
    }

    @Override
    public void answered(String route, int status, long elapsedNanos, long bodyBytes) {
        byRoute.computeIfAbsent(route, OfRoute::new).answered(status, elapsedNanos, bodyBytes);
    }

    @Override
    public void writeTo(ExpositionWriter out) {
        requests.writeTo(out);
        durations.writeTo(out);
        sizes.writeTo(out);
    }
}
