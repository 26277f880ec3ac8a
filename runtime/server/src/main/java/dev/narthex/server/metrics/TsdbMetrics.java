// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.metrics;

import dev.narthex.config.StorageConfig;
import dev.narthex.exposition.ExpositionWriter;
import dev.narthex.model.MetricType;
import dev.narthex.tsdb.TsdbStats;
import dev.narthex.tsdb.compact.BlockStats;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/** {@code prometheus_tsdb_*}, and the memory of the slabs by purpose. Nothing while the TSDB is not open. */
public final class TsdbMetrics implements MetricSource {
    private final Supplier<Optional<TsdbStats>> stats;
    private final Supplier<StorageConfig.Retention> retention;
    private final boolean locked;

    /**
     * @param retention how much of the past is kept, zero for no such limit
     * @param locked whether the data directory is locked
     */
    public TsdbMetrics(
            Supplier<Optional<TsdbStats>> stats, Supplier<StorageConfig.Retention> retention, boolean locked) {
        this.stats = stats;
        this.retention = retention;
        this.locked = locked;
    }

    @Override
    public void writeTo(ExpositionWriter out) {
        stats.get().ifPresent(now -> {
            HeadMetrics.write(out, now);
            OutOfOrderMetrics.write(out, now);
            log(out, now);
            blocks(out, now);
            memory(out, now);
        });
    }

    private static void log(ExpositionWriter out, TsdbStats now) {
        new Families(out)
                .gauge("prometheus_tsdb_wal_storage_size_bytes", "Size of the write log directory.", (double)
                        (now.walBytes() + now.checkpointBytes()))
                .gauge(
                        "prometheus_tsdb_wal_segment_current",
                        "Write log segment index that TSDB is currently writing to.",
                        now.walSegment())
                .counter(
                        "prometheus_tsdb_wal_writes_failed_total",
                        "Total number of write log writes that failed.",
                        (double) now.walFailedWrites())
                .counter(
                        "prometheus_tsdb_wal_corruptions_total",
                        "Total number of WAL corruptions.",
                        now.walDamage().damages())
                .counter(
                        "prometheus_tsdb_checkpoint_creations_total",
                        "Total number of checkpoint creations attempted.",
                        (double) now.checkpoints())
                .counter(
                        "prometheus_tsdb_wal_truncations_total",
                        "Total number of write log truncations attempted.",
                        (double) now.checkpoints())
                .counter(
                        "prometheus_tsdb_mmap_chunk_corruptions_total",
                        "Total number of memory-mapped chunk corruptions.",
                        now.headChunkDamage().tornTails()
                                + now.headChunkDamage().damagedFiles()
                                + now.headChunkDamage().givenUpFiles())
                .gauge("prometheus_tsdb_head_stale_series", "Total number of stale series in the head block.", (double)
                        now.staleSeries())
                .counter(
                        "narthex_tsdb_stale_series_left_total",
                        "Series that have ended and left the head before their time.",
                        (double) now.staleSeriesLeft())
                .counter("narthex_tsdb_maintenance_failures_total", "Truncations and checkpoints that failed.", (double)
                        now.failedMaintenance());
    }

    private void blocks(ExpositionWriter out, TsdbStats now) {
        BlockStats blocks = now.blocks();
        StorageConfig.Retention kept = retention.get();
        double lowestMs =
                Math.min(Math.min(now.head().minTimeMs(), now.outOfOrder().minTimeMs()), blocks.minTimeMs());
        new Families(out)
                .gauge(
                        "prometheus_tsdb_lowest_timestamp",
                        "Lowest timestamp value stored in the database. The unit is decided by the library consumer.",
                        lowestMs)
                .gauge(
                        "prometheus_tsdb_lowest_timestamp_seconds",
                        "Lowest timestamp value stored in the database.",
                        lowestMs / 1000)
                .gauge("prometheus_tsdb_blocks_loaded", "Number of currently loaded data blocks", blocks.blocks())
                .gauge(
                        "prometheus_tsdb_storage_blocks_bytes",
                        "The number of bytes that are currently used for local storage by all blocks.",
                        (double) blocks.sizeBytes())
                .gauge("prometheus_tsdb_head_chunks_storage_size_bytes", "Size of the chunks_head directory.", (double)
                        now.headChunkBytes())
                .counter(
                        "prometheus_tsdb_compactions_total",
                        "Total number of compactions that were executed for the partition.",
                        (double) (blocks.cuts() + blocks.compactions()))
                .counter(
                        "prometheus_tsdb_compactions_failed_total",
                        "Total number of compactions that failed for the partition.",
                        (double) blocks.failedCompactions())
                .counter(
                        "prometheus_tsdb_time_retentions_total",
                        "The number of times that blocks were deleted because the maximum time limit was exceeded.",
                        (double) blocks.timeDeletions())
                .counter(
                        "prometheus_tsdb_size_retentions_total",
                        "The number of times that blocks were deleted because the maximum number of bytes was exceeded.",
                        (double) blocks.sizeDeletions())
                .counter("narthex_tsdb_blocks_damaged_total", "Blocks that were set aside unreadable.", (double)
                        blocks.damaged())
                .gauge(
                        "prometheus_tsdb_symbol_table_size_bytes",
                        "Size of symbol table in memory for loaded blocks",
                        (double) blocks.symbolBytes())
                .gauge(
                        "prometheus_tsdb_clean_start",
                        "-1: lockfile is disabled. 0: a lockfile from a previous execution was replaced. 1: lockfile"
                                + " creation was clean",
                        cleanStart(now))
                .gauge("prometheus_tsdb_retention_limit_seconds", "How long to retain samples in storage.", (double)
                        kept.time().toSeconds())
                .gauge(
                        "prometheus_tsdb_retention_limit_percentage",
                        "Max percentage of total storage space to be retained in the tsdb blocks, configured 0 means"
                                + " disabled",
                        kept.percentage())
                .gauge(
                        "prometheus_tsdb_retention_limit_bytes",
                        "Max number of bytes to be retained in the tsdb blocks, configured 0 means disabled",
                        (double) kept.sizeBytes());
    }

    private int cleanStart(TsdbStats now) {
        if (!locked) {
            return -1;
        }
        return now.cleanStart() ? 1 : 0;
    }

    private static void memory(ExpositionWriter out, TsdbStats now) {
        String name = "narthex_tsdb_memory_bytes";
        out.family(name, MetricType.GAUGE, "Memory of the head's slabs by purpose.");
        new TreeMap<>(now.memoryBytesByTag()).forEach((tag, bytes) -> out.sample(name, "tag", tag, (double) bytes));
        new Families(out)
                .gauge(
                        "narthex_tsdb_memory_limit_bytes",
                        "Memory of the head's slabs from which on new series are refused.",
                        (double) now.memoryLimitBytes());
    }
}
