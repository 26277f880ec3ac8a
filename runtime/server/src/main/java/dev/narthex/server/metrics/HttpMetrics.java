// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.metrics;

import dev.narthex.exposition.ExpositionWriter;
import dev.narthex.model.Labels;
import dev.narthex.server.http.RequestObserver;

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

    @Override
    public void answered(String route, int status, long elapsedNanos, long bodyBytes) {
        Labels handler = Labels.of("handler", route);
        requests.with(Labels.of("code", Integer.toString(status), "handler", route))
                .increment();
        durations.with(handler).observe(elapsedNanos / 1e9);
        sizes.with(handler).observe((double) bodyBytes);
    }

    @Override
    public void writeTo(ExpositionWriter out) {
        requests.writeTo(out);
        durations.writeTo(out);
        sizes.writeTo(out);
    }
}
