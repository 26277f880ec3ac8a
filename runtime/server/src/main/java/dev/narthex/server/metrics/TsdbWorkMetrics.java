// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.metrics;

import dev.narthex.exposition.ExpositionWriter;
import dev.narthex.model.Labels;
import dev.narthex.model.MetricType;
import dev.narthex.model.time.Ticker;
import dev.narthex.tsdb.TsdbObserver;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** What the storage does and how long that takes: {@code prometheus_tsdb_*}. Safe for use by many threads. */
public final class TsdbWorkMetrics implements TsdbObserver, MetricSource {
    private static final double NANOS = 1e9;
    private static final String P = "prometheus_tsdb_";

    private final String compression;
    private final SummaryFamily syncs;
    private final SummaryFamily collections;
    private final SummaryFamily truncations;
    private final HistogramFamily compactions =
            new HistogramFamily(P + "compaction_duration_seconds", "Duration of compaction runs", powers(1, 2, 14));
    private final HistogramFamily staleCompactions = new HistogramFamily(
            P + "stale_series_compaction_duration_seconds",
            "Duration of stale series compaction runs.",
            powers(1, 2, 14));
    private final HistogramFamily cleanups = new HistogramFamily(
            P + "tombstone_cleanup_seconds", "The time taken to recompact blocks to remove tombstones.");
    private final HistogramFamily chunkSamples = new HistogramFamily(
            P + "compaction_chunk_samples", "Final number of samples on their first compaction", powers(4, 1.5, 12));
    private final HistogramFamily chunkBytes = new HistogramFamily(
            P + "compaction_chunk_size_bytes", "Final size of chunks on their first compaction", powers(32, 1.5, 12));
    private final HistogramFamily chunkRanges = new HistogramFamily(
            P + "compaction_chunk_range_seconds",
            "Final time range of chunks on their first compaction",
            powers(100, 4, 10));
    private final HistogramFamily ages = new HistogramFamily(
            P + "sample_ooo_delta",
            "Delta in seconds by which a sample is considered out of order (reported regardless of OOO time window and"
                    + " whether sample is accepted or not).",
            600,
            1800,
            3600,
            7200,
            10800,
            21600,
            43200);
    private final LongAdder mapped = new LongAdder();
    private final LongAdder headTruncations = new LongAdder();
    private final LongAdder skipped = new LongAdder();
    private final LongAdder failedReloads = new LongAdder();
    private final LongAdder checkpointDeletions = new LongAdder();
    private final LongAdder failedCheckpointDeletions = new LongAdder();
    private final LongAdder triggered = new LongAdder();
    private final LongAdder vertical = new LongAdder();
    private final LongAdder reloads = new LongAdder();
    private final LongAdder failedTruncations = new LongAdder();
    private final LongAdder failedCheckpoints = new LongAdder();
    private final LongAdder staleTriggered = new LongAdder();
    private final LongAdder staleFailed = new LongAdder();
    private final LongAdder logParts = new LongAdder();
    private final LongAdder logBytes = new LongAdder();
    private final LongAdder logFlushes = new LongAdder();
    private final LongAdder logPages = new LongAdder();
    private final LongAdder savedBytes = new LongAdder();
    private final AtomicInteger populating = new AtomicInteger();
    private volatile long replayNanos;

    /** @param compression the name of the log's compression */
    public TsdbWorkMetrics(Ticker ticker, String compression) {
        this.compression = compression;
        syncs = new SummaryFamily(
                P + "wal_fsync_duration_seconds", "Duration of write log fsync.", ticker, 0.5, 0.9, 0.99);
        collections = new SummaryFamily(
                P + "head_gc_duration_seconds", "Runtime of garbage collection in the head block.", ticker);
        truncations = new SummaryFamily(P + "wal_truncate_duration_seconds", "Duration of WAL truncation.", ticker);
        List.of(syncs, collections, truncations).forEach(family -> family.with(Labels.EMPTY));
        List.of(compactions, staleCompactions, cleanups, chunkSamples, chunkBytes, chunkRanges, ages)
                .forEach(family -> family.with(Labels.EMPTY));
    }

    private static double[] powers(double first, double factor, int count) {
        double[] bounds = new double[count];
        double bound = first;
        for (int i = 0; i < count; i++) {
            bounds[i] = bound;
            bound *= factor;
        }
        return bounds;
    }

    @Override
    public void replayed(long nanos) {
        replayNanos = nanos;
    }

    @Override
    public void headCollected(long nanos) {
        collections.with(Labels.EMPTY).observe(nanos / NANOS);
    }

    @Override
    public void chunksMapped(int count) {
        mapped.add(count);
    }

    @Override
    public void compactionTriggered() {
        triggered.increment();
    }

    @Override
    public void headTruncated() {
        headTruncations.increment();
    }

    @Override
    public void compactionSkipped() {
        skipped.increment();
    }

    @Override
    public void outOfOrder(long ageMs) {
        ages.with(Labels.EMPTY).observe(ageMs / 1000.0);
    }

    @Override
    public void checkpointsRemoved(boolean well) {
        checkpointDeletions.increment();
        if (!well) {
            failedCheckpointDeletions.increment();
        }
    }

    @Override
    public void listingFailed() {
        failedReloads.increment();
    }

    @Override
    public void truncationFailed() {
        failedTruncations.increment();
    }

    @Override
    public void logTruncated(long nanos) {
        truncations.with(Labels.EMPTY).observe(nanos / NANOS);
    }

    @Override
    public void checkpointFailed() {
        failedCheckpoints.increment();
    }

    @Override
    public void staleSeriesCompacted(long nanos, boolean well) {
        staleTriggered.increment();
        if (well) {
            staleCompactions.with(Labels.EMPTY).observe(nanos / NANOS);
        } else {
            staleFailed.increment();
        }
    }

    @Override
    public void tombstonesCleaned(long nanos) {
        cleanups.with(Labels.EMPTY).observe(nanos / NANOS);
    }

    @Override
    public void populating(boolean begins) {
        populating.addAndGet(begins ? 1 : -1);
    }

    @Override
    public void blockMade(long nanos, boolean overlapping) {
        compactions.with(Labels.EMPTY).observe(nanos / NANOS);
        if (overlapping) {
            vertical.increment();
        }
    }

    @Override
    public void chunkCut(int samples, int bytes, long rangeMs) {
        chunkSamples.with(Labels.EMPTY).observe(samples);
        chunkBytes.with(Labels.EMPTY).observe(bytes);
        chunkRanges
                .with(Labels.EMPTY)
                .observe((double) rangeMs); // whatever the name says, Prometheus shows milliseconds
    }

    @Override
    public void listed() {
        reloads.increment();
    }

    @Override
    public void logWritten(int parts, long bytes, int flushes, long pages, long saved) {
        logParts.add(parts);
        logBytes.add(bytes);
        logFlushes.add(flushes);
        logPages.add(pages);
        savedBytes.add(saved);
    }

    @Override
    public void logSynced(long nanos) {
        syncs.with(Labels.EMPTY).observe(nanos / NANOS);
    }

    @Override
    public void writeTo(ExpositionWriter out) {
        for (MetricSource family : List.of(
                syncs,
                collections,
                truncations,
                compactions,
                staleCompactions,
                cleanups,
                chunkSamples,
                chunkBytes,
                chunkRanges,
                ages)) {
            family.writeTo(out);
        }
        head(new Families(out));
        log(out, new Families(out));
    }

    private void head(Families out) {
        out.gauge(P + "data_replay_duration_seconds", "Time taken to replay the data on disk.", replayNanos / NANOS)
                .gauge(
                        P + "compaction_populating_block",
                        "Set to 1 when a block is currently being written to the disk.",
                        populating.get())
                .counter(P + "mmap_chunks_total", "Total number of chunks that were memory-mapped.", (double)
                        mapped.sum())
                .counter(
                        P + "compactions_triggered_total",
                        "Total number of triggered compactions for the partition.",
                        (double) triggered.sum())
                .counter(
                        P + "compactions_skipped_total",
                        "Total number of skipped compactions due to disabled auto compaction.",
                        (double) skipped.sum())
                .counter(
                        P + "reloads_failures_total",
                        "Number of times the database failed to reloadBlocks block data from disk.",
                        (double) failedReloads.sum())
                .counter(
                        P + "vertical_compactions_total",
                        "Total number of compactions done on overlapping blocks.",
                        (double) vertical.sum())
                .counter(P + "reloads_total", "Number of times the database reloaded block data from disk.", (double)
                        reloads.sum())
                .counter(P + "head_truncations_total", "Total number of head truncations attempted.", (double)
                        headTruncations.sum())
                .counter(P + "head_truncations_failed_total", "Total number of head truncations that failed.", (double)
                        failedTruncations.sum())
                .counter(
                        P + "stale_series_compactions_triggered_total",
                        "Total number of triggered stale series compactions.",
                        (double) staleTriggered.sum())
                .counter(
                        P + "stale_series_compactions_failed_total",
                        "Total number of stale series compactions that failed.",
                        (double) staleFailed.sum());
    }

    private void log(ExpositionWriter text, Families out) {
        out.counter(
                        P + "checkpoint_creations_failed_total",
                        "Total number of checkpoint creations that failed.",
                        (double) failedCheckpoints.sum())
                .counter(P + "checkpoint_deletions_total", "Total number of checkpoint deletions attempted.", (double)
                        checkpointDeletions.sum())
                .counter(
                        P + "checkpoint_deletions_failed_total",
                        "Total number of checkpoint deletions that failed.",
                        (double) failedCheckpointDeletions.sum())
                .counter(
                        P + "wal_truncations_failed_total",
                        "Total number of write log truncations that failed.",
                        (double) failedCheckpoints.sum())
                .counter(P + "wal_completed_pages_total", "Total number of completed pages.", (double) logPages.sum())
                .counter(P + "wal_page_flushes_total", "Total number of page flushes.", (double) logFlushes.sum())
                .counter(
                        P + "wal_record_part_writes_total",
                        "Total number of record parts written before flushing.",
                        (double) logParts.sum())
                .counter(
                        P + "wal_record_parts_bytes_written_total",
                        "Total number of record part bytes written before flushing, including CRC and compression"
                                + " headers.",
                        (double) logBytes.sum());
        String saved = P + "wal_record_bytes_saved_total";
        text.family(
                        saved,
                        MetricType.COUNTER,
                        "Total number of bytes saved by the optional record compression. Use this metric to learn about"
                                + " the effectiveness compression.")
                .sample(saved, "compression", compression, (double) savedBytes.sum());
    }
}
