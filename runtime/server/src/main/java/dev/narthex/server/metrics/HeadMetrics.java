// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.metrics;

import dev.narthex.exposition.ExpositionWriter;
import dev.narthex.model.MetricType;
import dev.narthex.tsdb.TsdbStats;
import dev.narthex.tsdb.head.HeadStats;
import dev.narthex.tsdb.head.OutOfOrderStats;
import dev.narthex.tsdb.head.TransactionCounts;

/** What the head holds and has done: {@code prometheus_tsdb_head_*}, and the watermarks of its transactions. */
final class HeadMetrics {
    private HeadMetrics() {}

    static void write(ExpositionWriter out, TsdbStats now) {
        HeadStats head = now.head();
        OutOfOrderStats outOfOrder = now.outOfOrder();
        times(out, head);
        series(out, head);
        chunks(out, head, outOfOrder);
        transactions(out, head.transactions());
        String appended = "prometheus_tsdb_head_samples_appended_total";
        out.family(appended, MetricType.COUNTER, "Total number of appended samples.")
                .sample(appended, "type", "float", (double)
                        (head.samplesAppended() - head.histogramsAppended() + outOfOrder.floatsAppended()))
                .sample(appended, "type", "histogram", (double)
                        (head.histogramsAppended() + outOfOrder.histogramsAppended()));
    }

    private static void times(ExpositionWriter out, HeadStats head) {
        new Families(out)
                .gauge(
                        "prometheus_tsdb_head_max_time",
                        "Maximum timestamp of the head block. The unit is decided by the library consumer.",
                        (double) head.maxTimeMs())
                .gauge(
                        "prometheus_tsdb_head_min_time",
                        "Minimum time bound of the head block. The unit is decided by the library consumer.",
                        (double) head.minTimeMs())
                .gauge("prometheus_tsdb_head_max_time_seconds", "Maximum timestamp of the head block.", (double)
                        Math.floorDiv(head.maxTimeMs(), 1000L))
                .gauge("prometheus_tsdb_head_min_time_seconds", "Minimum time bound of the head block.", (double)
                        Math.floorDiv(head.minTimeMs(), 1000L));
    }

    private static void series(ExpositionWriter out, HeadStats head) {
        new Families(out)
                .gauge("prometheus_tsdb_head_series", "Total number of series in the head block.", (double)
                        head.series())
                .counter(
                        "prometheus_tsdb_head_series_created_total",
                        "Total number of series created in the head",
                        (double) head.seriesCreated())
                .counter(
                        "prometheus_tsdb_head_series_removed_total",
                        "Total number of series removed in the head",
                        (double) head.seriesRemoved())
                .counter(
                        "prometheus_tsdb_head_series_not_found_total",
                        "Total number of requests for series that were not found.",
                        (double) head.transactions().unknownSeries())
                .gauge(
                        "prometheus_tsdb_head_native_histogram_series",
                        "Number of series whose most recent in-order sample is a native histogram.",
                        (double) head.histogramSeries())
                .gauge(
                        "prometheus_tsdb_head_native_histogram_buckets",
                        "Number of positive and negative bucket entries in the most recent in-order native histogram"
                                + " sample of each series, including entries carried by staleness markers.",
                        (double) head.histogramBuckets());
    }

    private static void chunks(ExpositionWriter out, HeadStats head, OutOfOrderStats outOfOrder) {
        long removed = head.chunksCreated() - head.chunks() + outOfOrder.chunksRemoved();
        long held = head.chunks() + outOfOrder.chunks();
        new Families(out)
                .gauge("prometheus_tsdb_head_chunks", "Total number of chunks in the head block.", (double) held)
                .counter(
                        "prometheus_tsdb_head_chunks_created_total",
                        "Total number of chunks created in the head",
                        (double) (held + removed))
                .counter(
                        "prometheus_tsdb_head_chunks_removed_total",
                        "Total number of chunks removed in the head",
                        (double) removed);
    }

    private static void transactions(ExpositionWriter out, TransactionCounts counts) {
        new Families(out)
                .gauge(
                        "prometheus_tsdb_head_active_appenders",
                        "Number of currently active appender transactions",
                        counts.open())
                .counter(
                        "prometheus_tsdb_head_appenders_created_total",
                        "Total number of appender transactions created.",
                        (double) counts.begun())
                .gauge(
                        "prometheus_tsdb_isolation_high_watermark",
                        "The highest TSDB append ID that has been given out.",
                        (double) counts.begun())
                .gauge(
                        "prometheus_tsdb_isolation_low_watermark",
                        "The lowest TSDB append ID that is still referenced.",
                        (double) counts.oldestOpen());
    }
}
