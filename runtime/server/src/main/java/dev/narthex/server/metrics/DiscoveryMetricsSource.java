// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.metrics;

import dev.narthex.discovery.DiscoveryMetrics;
import dev.narthex.exposition.ExpositionWriter;
import dev.narthex.model.MetricType;
import java.util.Map;

/** Metrics of the mechanisms of discovery, by Prometheus' names. */
public final class DiscoveryMetricsSource implements MetricSource {
    private final DiscoveryMetrics metrics;

    public DiscoveryMetricsSource(DiscoveryMetrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public void writeTo(ExpositionWriter out) {
        new Families(out)
                .counter("prometheus_sd_file_read_errors_total", "The number of File-SD read errors.", (double)
                        metrics.fileReadErrors.sum())
                .counter(
                        "prometheus_sd_http_failures_total",
                        "Number of HTTP service discovery refresh failures.",
                        (double) metrics.httpFailures.sum())
                .counter("prometheus_sd_dns_lookups_total", "The number of DNS-SD lookups.", (double)
                        metrics.dnsLookups.sum())
                .counter("prometheus_sd_dns_lookup_failures_total", "The number of DNS-SD lookup failures.", (double)
                        metrics.dnsLookupFailures.sum());
        String scan = "prometheus_sd_file_scan_duration_seconds";
        out.family(scan, MetricType.SUMMARY, "The duration of the File-SD scan in seconds.");
        out.sample(scan + "_sum", metrics.fileScanSeconds.sum())
                .sample(scan + "_count", (double) metrics.fileScans.sum());
        String written = "prometheus_sd_file_mtime_seconds";
        out.family(
                written, MetricType.GAUGE, "Timestamp (mtime) of files read by FileSD. Timestamp is set at read time.");
        metrics.fileTimes().forEach((file, seconds) -> out.sample(written, "filename", file, seconds));
        Map<String, DiscoveryMetrics.Refreshes> refreshes = metrics.refreshes();
        String failures = "prometheus_sd_refresh_failures_total";
        out.family(failures, MetricType.COUNTER, "Number of refresh failures for the given SD mechanism.");
        refreshes.forEach(
                (mechanism, counts) -> out.sample(failures, "mechanism", mechanism, (double) counts.failures.sum()));
        String duration = "prometheus_sd_refresh_duration_seconds";
        out.family(duration, MetricType.SUMMARY, "The duration of a refresh in seconds for the given SD mechanism.");
        refreshes.forEach((mechanism, counts) -> {
            out.sample(duration + "_sum", "mechanism", mechanism, counts.seconds.sum());
            out.sample(duration + "_count", "mechanism", mechanism, (double) counts.count.sum());
        });
    }
}
