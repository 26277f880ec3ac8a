// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.exposition.ExpositionWriter;
import dev.narthex.memory.MemoryAccount;
import dev.narthex.model.Labels;
import dev.narthex.storage.Appender;
import dev.narthex.testkit.files.FaultyFiles;
import dev.narthex.testkit.time.ManualScheduler;
import dev.narthex.tsdb.Tsdb;
import dev.narthex.tsdb.TsdbConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A TSDB tells what it does while hours go by. */
class TsdbWorkMetricsTest {
    private final ManualScheduler scheduler = new ManualScheduler();
    private final TsdbWorkMetrics metrics = new TsdbWorkMetrics(scheduler.ticker(), "snappy");

    @Test
    void countsWhatAStorageDoes() throws Exception {
        FaultyFiles files = new FaultyFiles();
        TsdbConfig config = TsdbConfig.defaults(Path.of("/data"), files, scheduler, new MemoryAccount(Long.MAX_VALUE))
                .with(tsdb -> tsdb.observer = metrics);
        try (Tsdb tsdb = Tsdb.open(config)) {
            for (int minute = 0; minute < 8 * 60; minute++) {
                append(tsdb);
                scheduler.advance(Duration.ofMinutes(1));
            }
            tsdb.delete(0, Long.MAX_VALUE - 1, List.of());
            tsdb.cleanTombstones();
        }
        assertThat(value("prometheus_tsdb_compactions_triggered_total")).isGreaterThan(400);
        assertThat(value("prometheus_tsdb_head_gc_duration_seconds_count")).isGreaterThan(400);
        assertThat(value("prometheus_tsdb_compaction_duration_seconds_count")).isGreaterThanOrEqualTo(2);
        assertThat(value("prometheus_tsdb_compaction_chunk_samples_count")).isGreaterThanOrEqualTo(2);
        assertThat(value("prometheus_tsdb_compaction_chunk_samples_sum")).isGreaterThanOrEqualTo(120);
        assertThat(value("prometheus_tsdb_compaction_chunk_size_bytes_sum")).isGreaterThan(100);
        assertThat(value("prometheus_tsdb_compaction_chunk_range_seconds_sum")).isGreaterThan(60_000 * 100.0);
        assertThat(value("prometheus_tsdb_mmap_chunks_total")).isGreaterThanOrEqualTo(1);
        assertThat(value("prometheus_tsdb_reloads_total")).isGreaterThanOrEqualTo(2);
        assertThat(value("prometheus_tsdb_wal_truncate_duration_seconds_count")).isGreaterThanOrEqualTo(1);
        assertThat(value("prometheus_tsdb_wal_fsync_duration_seconds_count")).isGreaterThanOrEqualTo(1);
        assertThat(value("prometheus_tsdb_wal_record_part_writes_total")).isGreaterThanOrEqualTo(8 * 60);
        assertThat(value("prometheus_tsdb_wal_page_flushes_total")).isGreaterThanOrEqualTo(8 * 60);
        assertThat(value("prometheus_tsdb_wal_record_parts_bytes_written_total"))
                .isGreaterThan(8 * 60 * 7);
        assertThat(value("prometheus_tsdb_tombstone_cleanup_seconds_count")).isEqualTo(1);
        assertThat(value("prometheus_tsdb_compaction_populating_block")).isZero();
        assertThat(value("prometheus_tsdb_vertical_compactions_total")).isZero();
        assertThat(value("prometheus_tsdb_checkpoint_creations_failed_total")).isZero();
        assertThat(value("prometheus_tsdb_head_truncations_failed_total")).isZero();
    }

    @Test
    void countsWhatFails() throws Exception {
        FaultyFiles files = new FaultyFiles();
        TsdbConfig config = TsdbConfig.defaults(Path.of("/data"), files, scheduler, new MemoryAccount(Long.MAX_VALUE))
                .with(tsdb -> tsdb.observer = metrics);
        try (Tsdb tsdb = Tsdb.open(config)) {
            for (int minute = 0; minute < 3 * 60 - 1; minute++) {
                append(tsdb);
                scheduler.advance(Duration.ofMinutes(1));
            }
            append(tsdb);
            files.failFrom(files.calls() + 1);
            scheduler.advance(Duration.ofMinutes(130));
            files.heal();
        }
        assertThat(value("prometheus_tsdb_head_truncations_failed_total")).isPositive();
    }

    @Test
    void countsBlocksThatCannotBeOpenedAndCheckpointsThatGo() throws Exception {
        FaultyFiles files = new FaultyFiles();
        TsdbConfig config = TsdbConfig.defaults(Path.of("/data"), files, scheduler, new MemoryAccount(Long.MAX_VALUE))
                .with(tsdb -> tsdb.observer = metrics);
        try (Tsdb tsdb = Tsdb.open(config)) {
            files.failCalls(call -> call.path().toString().matches("/data/[0-9A-Z]{26}/index"));
            hours(tsdb, 4);
            assertThat(value("prometheus_tsdb_reloads_failures_total")).isPositive();
            files.heal();
            hours(tsdb, 8);
            assertThat(value("prometheus_tsdb_checkpoint_deletions_total")).isPositive();
            assertThat(value("prometheus_tsdb_checkpoint_deletions_failed_total"))
                    .isZero();
            assertThat(value("prometheus_tsdb_checkpoint_creations_failed_total"))
                    .isZero();
        }
        assertThat(value("prometheus_tsdb_compactions_skipped_total")).isZero();
    }

    @Test
    void countsRoundsThatMayNotMakeBlocks() throws Exception {
        TsdbConfig config = TsdbConfig.defaults(
                        Path.of("/data"), new FaultyFiles(), scheduler, new MemoryAccount(Long.MAX_VALUE))
                .with(tsdb -> {
                    tsdb.observer = metrics;
                    tsdb.compaction = false;
                });
        try (Tsdb tsdb = Tsdb.open(config)) {
            hours(tsdb, 4);
        }
        assertThat(value("prometheus_tsdb_compactions_skipped_total")).isGreaterThan(200);
        assertThat(value("prometheus_tsdb_compactions_triggered_total")).isZero();
        assertThat(value("prometheus_tsdb_head_truncations_total")).isZero();
    }

    @Test
    void tellsByHowMuchSamplesAreLate() throws Exception {
        TsdbConfig config = TsdbConfig.defaults(
                        Path.of("/data"), new FaultyFiles(), scheduler, new MemoryAccount(Long.MAX_VALUE))
                .with(tsdb -> tsdb.observer = metrics);
        try (Tsdb tsdb = Tsdb.open(config)) {
            append(tsdb);
            long now = scheduler.clock().millis();
            try (Appender appender = tsdb.appender()) {
                long ref = appender.series(Labels.of("__name__", "x"));
                assertThat(appender.append(ref, now - 601_000, 1).isAccepted()).isFalse();
                tsdb.setOutOfOrderWindow(Duration.ofHours(1));
            }
            try (Appender appender = tsdb.appender()) {
                long ref = appender.series(Labels.of("__name__", "x"));
                assertThat(appender.append(ref, now - 1000, 1).isAccepted()).isTrue();
                appender.commit();
            }
        }
        assertThat(value("prometheus_tsdb_sample_ooo_delta_count")).isEqualTo(2);
        assertThat(value("prometheus_tsdb_sample_ooo_delta_sum")).isEqualTo(602);
        assertThat(value("prometheus_tsdb_sample_ooo_delta_bucket{le=\"600\"}")).isEqualTo(1);
    }

    private void hours(Tsdb tsdb, int hours) throws Exception {
        for (int minute = 0; minute < hours * 60; minute++) {
            append(tsdb);
            scheduler.advance(Duration.ofMinutes(1));
        }
    }

    private void append(Tsdb tsdb) throws Exception {
        try (Appender appender = tsdb.appender()) {
            appender.append(
                    appender.series(Labels.of("__name__", "x")),
                    scheduler.clock().millis(),
                    1.5);
            appender.commit();
        }
    }

    private double value(String series) {
        ExpositionWriter out = new ExpositionWriter();
        metrics.writeTo(out);
        String page = out.toString();
        return page.lines()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError(series + " is not in\n" + page));
    }
}
