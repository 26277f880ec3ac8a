// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.metrics;

import dev.narthex.exposition.ExpositionWriter;
import dev.narthex.tsdb.head.ExemplarStats;
import java.util.Optional;
import java.util.function.Supplier;

/** {@code prometheus_tsdb_exemplar_*}. Nothing while the TSDB is not open. */
public final class ExemplarMetrics implements MetricSource {
    private final Supplier<Optional<ExemplarStats>> stats;

    public ExemplarMetrics(Supplier<Optional<ExemplarStats>> stats) {
        this.stats = stats;
    }

    @Override
    public void writeTo(ExpositionWriter out) {
        stats.get()
                .ifPresent(now -> new Families(out)
                        .counter(
                                "prometheus_tsdb_exemplar_exemplars_appended_total",
                                "Total number of appended exemplars.",
                                (double) now.appended())
                        .gauge(
                                "prometheus_tsdb_exemplar_exemplars_in_storage",
                                "Number of exemplars currently in circular storage.",
                                now.exemplars())
                        .gauge(
                                "prometheus_tsdb_exemplar_series_with_exemplars_in_storage",
                                "Number of series with exemplars currently in circular storage.",
                                now.series())
                        .gauge(
                                "prometheus_tsdb_exemplar_max_exemplars",
                                "Total number of exemplars the exemplar storage can store, resizeable.",
                                now.capacity())
                        .gauge(
                                "prometheus_tsdb_exemplar_last_exemplars_timestamp_seconds",
                                "The timestamp of the oldest exemplar stored in circular storage. Useful to check for what"
                                        + " timerange the current exemplar buffer limit allows. This usually means the last"
                                        + " timestampfor all exemplars for a typical setup. This is not true though if one"
                                        + " of the series timestamp is in future compared to rest series.",
                                now.oldestTimestampMs() == Long.MIN_VALUE ? 0 : now.oldestTimestampMs() / 1000.0)
                        .counter(
                                "prometheus_tsdb_exemplar_out_of_order_exemplars_total",
                                "Total number of out of order exemplar ingestion failed attempts.",
                                (double) now.outOfOrder()));
    }
}
