// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.metrics;

import dev.narthex.exposition.ExpositionWriter;
import dev.narthex.model.MetricType;
import dev.narthex.tsdb.OutOfOrderLogStats;
import dev.narthex.tsdb.TsdbStats;
import dev.narthex.tsdb.head.OutOfOrderStats;

/** What became of samples that came too late: refused, or taken out of order with a log of their own. */
final class OutOfOrderMetrics {
    private static final String APPENDED = "prometheus_tsdb_head_out_of_order_samples_appended_total";
    private static final String OUT_OF_ORDER = "prometheus_tsdb_out_of_order_samples_total";
    private static final String OUT_OF_BOUND = "prometheus_tsdb_out_of_bound_samples_total";
    private static final String TOO_OLD = "prometheus_tsdb_too_old_samples_total";

    private OutOfOrderMetrics() {}

    static void write(ExpositionWriter out, TsdbStats now) {
        OutOfOrderStats head = now.outOfOrder();
        byType(
                out,
                APPENDED,
                "Total number of appended out of order samples.",
                head.floatsAppended(),
                head.histogramsAppended());
        byType(
                out,
                OUT_OF_ORDER,
                "Total number of out of order samples ingestion failed attempts due to out of order being disabled.",
                head.rejectedFloats().outOfOrder() + now.head().outOfOrderSamples(),
                head.rejectedHistograms().outOfOrder());
        byType(
                out,
                OUT_OF_BOUND,
                "Total number of out of bound samples ingestion failed attempts with out of order support disabled.",
                head.rejectedFloats().outOfBounds(),
                head.rejectedHistograms().outOfBounds());
        byType(
                out,
                TOO_OLD,
                "Total number of out of order samples ingestion failed attempts with out of support enabled, but sample"
                        + " outside of time window.",
                head.rejectedFloats().tooOld(),
                head.rejectedHistograms().tooOld());
        log(out, now.wbl());
    }

    private static void byType(ExpositionWriter out, String name, String help, long floats, long histograms) {
        out.family(name, MetricType.COUNTER, help)
                .sample(name, "type", "float", (double) floats)
                .sample(name, "type", "histogram", (double) histograms);
    }

    private static void log(ExpositionWriter out, OutOfOrderLogStats wbl) {
        new Families(out)
                .gauge(
                        "prometheus_tsdb_out_of_order_wbl_segment_current",
                        "Write log segment index that TSDB is currently writing to.",
                        wbl.segment())
                .gauge(
                        "prometheus_tsdb_out_of_order_wbl_storage_size_bytes",
                        "Size of the write log directory.",
                        (double) wbl.sizeBytes())
                .counter(
                        "prometheus_tsdb_out_of_order_wbl_writes_failed_total",
                        "Total number of write log writes that failed.",
                        (double) wbl.failedWrites())
                .counter(
                        "prometheus_tsdb_out_of_order_wbl_truncations_total",
                        "Total number of write log truncations attempted.",
                        (double) wbl.truncations())
                .counter(
                        "prometheus_tsdb_out_of_order_wbl_truncations_failed_total",
                        "Total number of write log truncations that failed.",
                        (double) wbl.failedTruncations())
                .counter(
                        "narthex_tsdb_out_of_order_wbl_corruptions_total",
                        "Damages of the write log that the last start has mended.",
                        wbl.damage().damages())
                .counter(
                        "narthex_tsdb_out_of_order_blocks_total",
                        "Blocks of out of order samples that were cut from the head.",
                        (double) wbl.blocksCut());
    }
}
