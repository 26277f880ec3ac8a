// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.model.Metadata;
import dev.narthex.model.time.Scheduler;
import dev.narthex.storage.Appendable;
import dev.narthex.storage.Appender;
import dev.narthex.storage.ExemplarQueryable;
import dev.narthex.storage.Querier;
import dev.narthex.storage.Queryable;
import dev.narthex.tsdb.block.Block;
import dev.narthex.tsdb.block.BlockMeta;
import dev.narthex.tsdb.compact.BlockStore;
import dev.narthex.tsdb.compact.CompactionPlan;
import dev.narthex.tsdb.compact.MergedQuerier;
import dev.narthex.tsdb.head.ExemplarStats;
import dev.narthex.tsdb.head.Head;
import dev.narthex.tsdb.head.HeadOptions;
import dev.narthex.tsdb.headchunk.HeadChunkFiles;
import dev.narthex.tsdb.headchunk.HeadChunkRecovery;
import dev.narthex.tsdb.wal.Wal;
import dev.narthex.tsdb.wal.WalBatch;
import dev.narthex.tsdb.wal.WalRecovery;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The time series database: the newest samples in memory and in a write-ahead log, older ones in blocks, all in
 * Prometheus' formats. Opened on a data directory, which belongs to it until it is closed. Safe for use by many threads.
 */
public final class Tsdb implements Appendable, Queryable, AutoCloseable {
    private static final Logger log = Logger.getLogger(Tsdb.class);

    private final DataDirectory directory;
    private final Head head;
    private final Wal wal;
    private final BlockStore blocks;
    private final Maintenance maintenance;
    private final TsdbConfig config;
    private final HeadChunkFiles chunkFiles;
    private final HeadChunkRecovery.Damage chunkDamage;
    private final WalRecovery.Damage damage;
    private final ReplayStats replay;

    private Tsdb(
            TsdbConfig config,
            DataDirectory directory,
            Head head,
            Wal wal,
            BlockStore blocks,
            HeadChunkFiles chunkFiles,
            HeadChunkRecovery.Damage chunkDamage,
            WalRecovery.Result recovered,
            ReplayStats replay) {
        this.config = config;
        this.directory = directory;
        this.head = head;
        this.wal = wal;
        this.chunkFiles = chunkFiles;
        this.chunkDamage = chunkDamage;
        this.blocks = blocks;
        this.damage = recovered.damage();
        this.replay = replay;
        maintenance = new Maintenance(config, head, wal, blocks, chunkFiles, recovered);
    }

    /**
     * Opens a data directory: takes its lock, replays and mends its log.
     *
     * @throws IOException when another process has the directory, it holds what cannot be read, or the file system fails
     */
    public static Tsdb open(TsdbConfig config) throws IOException {
        DataDirectory directory = DataDirectory.open(config.files(), config.directory());
        LateLog late = new LateLog();
        HeadOptions options = new HeadOptions(config.maxExemplars(), config.startTimestampZeros());
        Head head = new Head(config.memory(), config.chunkRange().toMillis(), options, late);
        HeadChunkFiles chunkFiles = null;
        BlockStore blocks = null;
        try {
            Scheduler scheduler = config.scheduler();
            long startNanos = scheduler.ticker().nanos();
            blocks = openBlocks(config, directory);
            long mintMs =
                    Math.max(scheduler.clock().millis() - config.retention().toMillis(), blocks.inOrderMaxTimeMs());
            Replay replay = new Replay(head, mintMs);
            head.beginReplay(mintMs);
            HeadChunkRecovery.Result chunks = new HeadChunkRecovery(
                            config.files(), directory.chunksHead(), directory.damaged())
                    .run(head::loadChunk);
            chunkFiles = HeadChunkFiles.open(config.files(), directory.chunksHead(), chunks);
            head.useChunkFiles(chunkFiles);
            WalRecovery.Result recovered = new WalRecovery(config.files(), directory.wal(), directory.damaged())
                    .run(replay, config.replayProgress());
            replay.report(head.endReplay());
            directory.removeSnapshots();
            Wal wal = Wal.open(
                    config.files(),
                    directory.wal(),
                    config.walSegmentBytes(),
                    recovered.segments(),
                    recovered.nextNumber(),
                    config.walCompression(),
                    task -> {
                        Scheduler.Task _ = scheduler.schedule(Duration.ZERO, task);
                    });
            late.set(wal);
            boolean _ = head.refuseBefore(blocks.inOrderMaxTimeMs());
            log.infof(
                    "TSDB is open dir=%s series=%d samples=%d wal_segments=%d duration_ms=%d",
                    config.directory(),
                    head.stats().series(),
                    replay.samples(),
                    recovered.segments().size(),
                    (scheduler.ticker().nanos() - startNanos) / 1_000_000);
            Tsdb tsdb = new Tsdb(
                    config, directory, head, wal, blocks, chunkFiles, chunks.damage(), recovered, replay.stats());
            tsdb.maintenance.start();
            return tsdb;
        } catch (IOException | RuntimeException e) {
            try (DataDirectory _ = directory;
                    BlockStore _ = blocks;
                    HeadChunkFiles _ = chunkFiles) {
                head.close();
            } catch (IOException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
    }

    private static BlockStore openBlocks(TsdbConfig config, DataDirectory directory) throws IOException {
        long largestMs =
                Math.min(config.maxBlockRange().toMillis(), config.retention().toMillis() / 10);
        return BlockStore.open(
                config.files(),
                config.directory(),
                directory.damaged(),
                config.scheduler().clock(),
                config.random(),
                CompactionPlan.of(config.chunkRange().toMillis(), largestMs),
                config.chunkSegmentBytes());
    }

    @Override
    public Appender appender() {
        return head.appender();
    }

    @Override
    public Querier querier(long mintMs, long maxtMs) {
        // The head first: what it drops from then on is in a block before, so nothing is missed between the two.
        Querier newest = head.querier(mintMs, maxtMs);
        try {
            List<Querier> parts = new ArrayList<>(blocks.queriers(mintMs, maxtMs));
            parts.add(newest);
            return new MergedQuerier(parts);
        } catch (RuntimeException e) {
            newest.close();
            throw e;
        }
    }

    /**
     * Deletes the samples in a range of the series that meet all matchers. They are hidden at once, and gone from the disk
     * when their block is written anew.
     *
     * @param mintMs inclusive
     * @param maxtMs inclusive
     */
    public void delete(long mintMs, long maxtMs, List<LabelMatcher> matchers) throws IOException {
        maintenance.exclusively(() -> {
            blocks.delete(mintMs, maxtMs, matchers);
            int _ = head.delete(mintMs, maxtMs, matchers);
        });
    }

    /** Writes the blocks anew that have deleted samples, without them. */
    public void cleanTombstones() throws IOException {
        maintenance.exclusively(blocks::cleanTombstones);
    }

    /**
     * Puts a copy of what is there into a directory that a TSDB can be opened on: blocks as links, so on the same volume,
     * and the head as one more block.
     *
     * @param skipHead whether to leave out what is in no block yet
     */
    public void snapshot(Path target, boolean skipHead) throws IOException {
        maintenance.exclusively(() -> {
            long maxTimeMs = head.maxTimeMs();
            boolean withHead = !skipHead && maxTimeMs >= head.minTimeMs() && maxTimeMs < Long.MAX_VALUE;
            blocks.snapshot(target, withHead ? head::querier : null, head.minTimeMs(), maxTimeMs + 1);
        });
    }

    /** What is known of the blocks on disk, in order of time. */
    public List<BlockMeta> blocks() {
        return blocks.blocks().stream().map(Block::meta).toList();
    }

    /** The exemplars of the newest samples. */
    public ExemplarQueryable exemplars() {
        return head.exemplars();
    }

    public ExemplarStats exemplarStats() {
        return head.exemplarStats();
    }

    /** What was last said of the series that meet all matchers; those of which nothing was said are left out. */
    public Map<Labels, Metadata> metadata(List<LabelMatcher> matchers) {
        return head.metadata(matchers);
    }

    /** Drops what is older than retention, size and memory allow, now; runs by itself every so often, too. */
    public void maintain() {
        maintenance.run();
    }

    public TsdbStats stats() {
        return new TsdbStats(
                head.stats(),
                config.memory().bytes(),
                config.memory().limitBytes(),
                config.memory().bytesPerTag(),
                wal.sizeBytes(),
                maintenance.checkpointBytes(),
                wal.currentNumber(),
                wal.failedWrites(),
                damage,
                replay,
                chunkFiles.sizeBytes(),
                chunkDamage,
                blocks.stats(),
                maintenance.truncations(),
                maintenance.checkpoints(),
                maintenance.failures());
    }

    /**
     * Ends appends and queries, syncs the log and gives memory and directory back. Close queriers first: while one is
     * open, the memory stays.
     */
    @Override
    public void close() throws IOException {
        maintenance.stop();
        head.close();
        try (DataDirectory last = directory;
                BlockStore _ = blocks;
                HeadChunkFiles _ = chunkFiles) {
            wal.close();
            log.debugf("TSDB is closed dir=%s", last);
        }
    }

    /** The log of a head that is replayed before the log can be written. */
    private static final class LateLog implements dev.narthex.tsdb.head.Log {
        private final AtomicReference<@Nullable Wal> wal = new AtomicReference<>();

        void set(Wal opened) {
            wal.set(opened);
        }

        @Override
        public void write(WalBatch batch, long maxTimeMs) throws IOException {
            Wal opened = wal.get();
            if (opened == null) {
                throw new IOException("tsdb: the log is not open yet");
            }
            opened.write(batch, maxTimeMs);
        }
    }
}
