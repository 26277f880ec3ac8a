// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import dev.narthex.memory.MemoryAccount;
import dev.narthex.memory.StorageFiles;
import dev.narthex.model.time.Scheduler;
import java.nio.file.Path;
import java.time.Duration;

/**
 * How a TSDB is set up.
 *
 * @param directory the data directory, made where there is none
 * @param files where the data directory lies
 * @param scheduler clock and timer
 * @param memory the account of all slabs; its limit is where new series are refused and old samples go early
 * @param retention how long samples are kept
 * @param retentionBytes how large the log may become before the oldest samples go, {@link Long#MAX_VALUE} for no limit
 * @param walSegmentBytes the size of a segment of the log, a multiple of 32 KiB
 * @param chunkRange chunks do not go across multiples of this; samples older than the newest one by more than half of it
 *     are refused
 * @param maintenanceInterval how often old samples are dropped
 */
public record TsdbConfig(
        Path directory,
        StorageFiles files,
        Scheduler scheduler,
        MemoryAccount memory,
        Duration retention,
        long retentionBytes,
        long walSegmentBytes,
        Duration chunkRange,
        Duration maintenanceInterval) {
    private static final long DEFAULT_SEGMENT_BYTES = 128L << 20;
    private static final long PAGE_BYTES = 32 << 10;

    public TsdbConfig {
        if (walSegmentBytes < PAGE_BYTES || walSegmentBytes % PAGE_BYTES != 0) {
            throw new IllegalArgumentException("tsdb: WAL segment size must be a multiple of 32 KiB, found "
                    + walSegmentBytes + " bytes; 128 MiB is usual");
        }
        requirePositive("retention", retention);
        requirePositive("chunk range", chunkRange);
        requirePositive("maintenance interval", maintenanceInterval);
    }

    private static void requirePositive(String name, Duration duration) {
        if (!duration.isPositive()) {
            throw new IllegalArgumentException("tsdb: " + name + " must be greater than zero, found " + duration);
        }
    }

    /** Prometheus' defaults: 15 days of samples, segments of 128 MiB, chunks within two hours. */
    public static TsdbConfig defaults(Path directory, StorageFiles files, Scheduler scheduler, MemoryAccount memory) {
        return new TsdbConfig(
                directory,
                files,
                scheduler,
                memory,
                Duration.ofDays(15),
                Long.MAX_VALUE,
                DEFAULT_SEGMENT_BYTES,
                Duration.ofHours(2),
                Duration.ofMinutes(1));
    }

    public TsdbConfig withRetention(Duration newRetention) {
        return new TsdbConfig(
                directory,
                files,
                scheduler,
                memory,
                newRetention,
                retentionBytes,
                walSegmentBytes,
                chunkRange,
                maintenanceInterval);
    }

    public TsdbConfig withRetentionBytes(long newRetentionBytes) {
        return new TsdbConfig(
                directory,
                files,
                scheduler,
                memory,
                retention,
                newRetentionBytes,
                walSegmentBytes,
                chunkRange,
                maintenanceInterval);
    }

    public TsdbConfig withWalSegmentBytes(long newWalSegmentBytes) {
        return new TsdbConfig(
                directory,
                files,
                scheduler,
                memory,
                retention,
                retentionBytes,
                newWalSegmentBytes,
                chunkRange,
                maintenanceInterval);
    }
}
