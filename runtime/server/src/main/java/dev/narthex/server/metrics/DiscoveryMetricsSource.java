// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.metrics;

import dev.narthex.discovery.DiscoveryMetrics;
import dev.narthex.exposition.DurationFamilies;
import dev.narthex.exposition.ExpositionWriter;
import dev.narthex.model.Labels;
import dev.narthex.model.MetricType;
import dev.narthex.model.time.Durations;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Metrics of the mechanisms of discovery, by Prometheus' names. */
public final class DiscoveryMetricsSource implements MetricSource {
    private static final double[] QUANTILES = {0.5, 0.9, 0.99};

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
                .counter(
                        "prometheus_sd_file_watcher_errors_total",
                        "The number of File-SD errors caused by filesystem watch failures.",
                        (double) metrics.fileWatcherErrors.sum())
                .counter(
                        "prometheus_sd_kubernetes_failures_total", "The number of failed WATCH/LIST requests.", (double)
                                metrics.kubernetesFailures.sum())
                .counter("prometheus_sd_dns_lookups_total", "The number of DNS-SD lookups.", (double)
                        metrics.dnsLookups.sum())
                .counter("prometheus_sd_dns_lookup_failures_total", "The number of DNS-SD lookup failures.", (double)
                        metrics.dnsLookupFailures.sum());
        String scan = "prometheus_sd_file_scan_duration_seconds";
        out.family(scan, MetricType.SUMMARY, "The duration of the File-SD scan in seconds.");
        DurationFamilies.summary(out, scan, Labels.EMPTY, metrics.fileScans, QUANTILES);
        String written = "prometheus_sd_file_mtime_seconds";
        out.family(
                written, MetricType.GAUGE, "Timestamp (mtime) of files read by FileSD. Timestamp is set at read time.");
        metrics.fileTimes().forEach((file, seconds) -> out.sample(written, "filename", file, seconds));
        Map<Labels, DiscoveryMetrics.Refreshes> refreshes = metrics.refreshes();
        String failures = "prometheus_sd_refresh_failures_total";
        out.family(failures, MetricType.COUNTER, "Number of refresh failures for the given SD mechanism.");
        refreshes.forEach((labels, counts) -> out.sample(failures, labels, (double) counts.failures.sum()));
        String duration = "prometheus_sd_refresh_duration_seconds";
        out.family(duration, MetricType.SUMMARY, "The duration of a refresh in seconds for the given SD mechanism.");
        refreshes.forEach(
                (labels, counts) -> DurationFamilies.summary(out, duration, labels, counts.durations, QUANTILES));
        String histogram = "prometheus_sd_refresh_duration_histogram_seconds";
        out.family(histogram, MetricType.HISTOGRAM, "The duration of a refresh for the given SD mechanism.");
        Map<String, List<Durations>> byMechanism = new TreeMap<>();
        refreshes.forEach((labels, counts) -> byMechanism
                .computeIfAbsent(labels.getOrEmpty("mechanism"), _ -> new ArrayList<>())
                .add(counts.durations));
        byMechanism.forEach((mechanism, durations) ->
                DurationFamilies.histogram(out, histogram, Labels.of("mechanism", mechanism), durations));
        String events = "prometheus_sd_kubernetes_events_total";
        out.family(events, MetricType.COUNTER, "The number of Kubernetes events handled.");
        metrics.kubernetesEvents().forEach((labels, count) -> out.sample(events, labels, (double) count));
    }
}
