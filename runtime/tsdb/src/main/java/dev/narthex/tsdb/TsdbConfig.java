// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import dev.narthex.memory.MemoryAccount;
import dev.narthex.memory.StorageFiles;
import dev.narthex.model.time.Scheduler;
import dev.narthex.tsdb.wal.WalCompression;
import dev.narthex.tsdb.wal.WalRecovery;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * How a TSDB is set up. Made by {@link #defaults} and changed by {@link #with}:
 *
 * <pre>{@code
 * TsdbConfig.defaults(directory, files, scheduler, memory).with(b -> b.retention = Duration.ofDays(30))
 * }</pre>
 *
 * @param directory the data directory, made where there is none
 * @param files where the data directory lies
 * @param scheduler clock and timer
 * @param memory the account of all slabs; its limit is where new series are refused and old samples go early
 * @param readMemory the account of what queries and other reads hold: those that do not fit are refused
 * @param random makes the names of blocks
 * @param retention how long samples are kept
 * @param retentionBytes how large log and blocks together may become before the oldest samples go,
 *     {@link Long#MAX_VALUE} for no limit
 * @param retentionPercentage as {@code retentionBytes}, in percent of the volume; 0 for no limit
 * @param walSegmentBytes the size of a segment of the log, a multiple of 32 KiB
 * @param chunkRange chunks do not go across multiples of this, blocks are cut at them; samples older than the newest one
 *     by more than half of it are refused
 * @param maxBlockRange blocks are not merged into ones that span more than this
 * @param chunkSegmentBytes the size of a file of chunks in a block
 * @param compaction whether blocks are cut and merged by themselves
 * @param staleSeriesThreshold the share of the series in memory from which on those that have ended go to blocks before
 *     their time, 0 for never
 * @param walCompression how records of the log are compressed
 * @param maxExemplars how many exemplars are kept, 0 for none
 * @param exclusive whether nobody else may have the directory open; where two write to it, it is lost
 * @param startTimestampZeros whether a zero is added at the start of the counting that a sample shows
 * @param startTimestamps whether start timestamps of samples are kept; those of blocks are there whatever this says
 * @param headSnapshot whether a stop leaves a snapshot of the head, so that the next start need not replay the log before
 * @param replayProgress hears which segment of the log the start is about to replay
 * @param outOfOrderWindow how much older than the newest sample one may be that is not taken in order, zero for none
 * @param observer is told of what is done
 * @param maintenanceInterval how often old samples are dropped and blocks looked after
 */
public record TsdbConfig(
        Path directory,
        StorageFiles files,
        Scheduler scheduler,
        MemoryAccount memory,
        MemoryAccount readMemory,
        RandomGenerator random,
        Duration retention,
        long retentionBytes,
        double retentionPercentage,
        long walSegmentBytes,
        Duration chunkRange,
        Duration maxBlockRange,
        long chunkSegmentBytes,
        boolean compaction,
        double staleSeriesThreshold,
        WalCompression walCompression,
        int maxExemplars,
        boolean exclusive,
        boolean startTimestampZeros,
        boolean startTimestamps,
        boolean headSnapshot,
        WalRecovery.Progress replayProgress,
        Duration outOfOrderWindow,
        TsdbObserver observer,
        Duration maintenanceInterval) {
    private static final long PAGE_BYTES = 32 << 10;

    public TsdbConfig {
        if (walSegmentBytes < PAGE_BYTES || walSegmentBytes % PAGE_BYTES != 0) {
            throw new IllegalArgumentException("tsdb: WAL segment size must be a multiple of 32 KiB, found "
                    + walSegmentBytes + " bytes; 128 MiB is usual");
        }
        Retention _ = new Retention(retention, retentionBytes, retentionPercentage); // which says what is wrong with it
        if (!(staleSeriesThreshold >= 0 && staleSeriesThreshold <= 1)) {
            throw new IllegalArgumentException(
                    "tsdb: threshold of stale series must be from 0 to 1, found " + staleSeriesThreshold);
        }
        if (outOfOrderWindow.isNegative()) {
            throw new IllegalArgumentException(
                    "tsdb: window for samples out of order must not be negative, found " + outOfOrderWindow);
        }
        requirePositive("chunk range", chunkRange);
        requirePositive("maximal block range", maxBlockRange);
        requirePositive("maintenance interval", maintenanceInterval);
    }

    private static void requirePositive(String name, Duration duration) {
        if (!duration.isPositive()) {
            throw new IllegalArgumentException("tsdb: " + name + " must be greater than zero, found " + duration);
        }
    }

    /**
     * Prometheus' defaults: 15 days of samples, segments of 128 MiB compressed with Snappy, chunks and blocks of two
     * hours, 100,000 exemplars.
     */
    public static TsdbConfig defaults(Path directory, StorageFiles files, Scheduler scheduler, MemoryAccount memory) {
        return new Builder(directory, files, scheduler, memory).build();
    }

    /** How much of the past is kept at the start. */
    Retention firstRetention() {
        return new Retention(retention, retentionBytes, retentionPercentage);
    }

    /** The same but for what is changed in the builder. */
    public TsdbConfig with(Consumer<Builder> change) {
        Builder builder = new Builder(this);
        change.accept(builder);
        return builder.build();
    }

    public TsdbConfig withRetention(Duration newRetention) {
        return with(b -> b.retention = newRetention);
    }

    public TsdbConfig withRetentionBytes(long newRetentionBytes) {
        return with(b -> b.retentionBytes = newRetentionBytes);
    }

    public TsdbConfig withWalSegmentBytes(long newWalSegmentBytes) {
        return with(b -> b.walSegmentBytes = newWalSegmentBytes);
    }

    /** The fields while they are being set; their meaning is that of the record's. For one thread. */
    public static final class Builder {
        public Path directory;
        public StorageFiles files;
        public Scheduler scheduler;
        public MemoryAccount memory;
        public MemoryAccount readMemory = new MemoryAccount(Long.MAX_VALUE);
        public RandomGenerator random = new SplittableRandom();
        public Duration retention = Duration.ofDays(15);
        public long retentionBytes = Long.MAX_VALUE;
        public double retentionPercentage;
        public long walSegmentBytes = 128L << 20;
        public Duration chunkRange = Duration.ofHours(2);
        public Duration maxBlockRange = Duration.ofDays(31);
        public long chunkSegmentBytes = 512L << 20;
        public boolean compaction = true;
        public double staleSeriesThreshold;
        public TsdbObserver observer = TsdbObserver.NONE;
        public WalCompression walCompression = WalCompression.SNAPPY;
        public int maxExemplars = 100_000;
        public boolean exclusive = true;
        public boolean startTimestampZeros;
        public boolean startTimestamps;
        public boolean headSnapshot;
        public WalRecovery.Progress replayProgress = (_, _, _) -> {};
        public Duration outOfOrderWindow = Duration.ZERO;
        public Duration maintenanceInterval = Duration.ofMinutes(1);

        Builder(Path directory, StorageFiles files, Scheduler scheduler, MemoryAccount memory) {
            this.directory = directory;
            this.files = files;
            this.scheduler = scheduler;
            this.memory = memory;
        }

        Builder(TsdbConfig config) {
            this(config.directory, config.files, config.scheduler, config.memory);
            readMemory = config.readMemory;
            random = config.random;
            retention = config.retention;
            retentionBytes = config.retentionBytes;
            retentionPercentage = config.retentionPercentage;
            walSegmentBytes = config.walSegmentBytes;
            chunkRange = config.chunkRange;
            maxBlockRange = config.maxBlockRange;
            chunkSegmentBytes = config.chunkSegmentBytes;
            compaction = config.compaction;
            staleSeriesThreshold = config.staleSeriesThreshold;
            walCompression = config.walCompression;
            maxExemplars = config.maxExemplars;
            exclusive = config.exclusive;
            startTimestampZeros = config.startTimestampZeros;
            startTimestamps = config.startTimestamps;
            headSnapshot = config.headSnapshot;
            replayProgress = config.replayProgress;
            outOfOrderWindow = config.outOfOrderWindow;
            observer = config.observer;
            maintenanceInterval = config.maintenanceInterval;
        }

        TsdbConfig build() {
            return new TsdbConfig(
                    directory,
                    files,
                    scheduler,
                    memory,
                    readMemory,
                    random,
                    retention,
                    retentionBytes,
                    retentionPercentage,
                    walSegmentBytes,
                    chunkRange,
                    maxBlockRange,
                    chunkSegmentBytes,
                    compaction,
                    staleSeriesThreshold,
                    walCompression,
                    maxExemplars,
                    exclusive,
                    startTimestampZeros,
                    startTimestamps,
                    headSnapshot,
                    replayProgress,
                    outOfOrderWindow,
                    observer,
                    maintenanceInterval);
        }
    }
}
