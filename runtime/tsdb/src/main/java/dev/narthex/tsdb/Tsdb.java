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
import dev.narthex.tsdb.head.HeadReplay;
import dev.narthex.tsdb.headchunk.HeadChunkFiles;
import dev.narthex.tsdb.headchunk.HeadChunkRecovery;
import dev.narthex.tsdb.snapshot.HeadSnapshots;
import dev.narthex.tsdb.wal.LogTail;
import dev.narthex.tsdb.wal.SegmentRewrite;
import dev.narthex.tsdb.wal.Wal;
import dev.narthex.tsdb.wal.WalBatch;
import dev.narthex.tsdb.wal.WalRecovery;
import dev.narthex.tsdb.wal.WalStart;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The time series database: the newest samples in memory and in a write-ahead log, older ones in blocks, all in
 * Prometheus' formats. Opened on a data directory, which belongs to it until it is closed. Safe for use by many threads.
 */
public final class Tsdb implements Appendable, Queryable, AutoCloseable {
    private static final Logger log = Logger.getLogger(Tsdb.class);

    /** While the log is replayed, closed chunks go to files where they take more than this. */
    private static final long REPLAY_CHUNK_BYTES = 64L << 20;
    /** What was committed during the replay is brought back while more is committed, until so few bytes are left. */
    private static final long CATCH_UP_BYTES = 1 << 20;

    private static final int CATCH_UP_ROUNDS = 10;

    private static final WalRecovery.Damage NO_DAMAGE = new WalRecovery.Damage(0, 0, 0, 0);
    private static final ReplayStats NOTHING_REPLAYED = new ReplayStats(0, 0, 0, 0);

    private final DataDirectory directory;
    private final Head head;
    private final HeadReplay headReplay;
    private final Wal wal;
    private final BlockStore blocks;
    private final TsdbConfig config;
    private final int firstSegment;
    /** From this one on the segments were written during replays; those before {@link #firstSegment} by earlier runs. */
    private final int uncheckedSegment;

    private final long mintMs;
    /** Held while the log is replayed. */
    private final ReentrantLock replayLock = new ReentrantLock();

    private final HeadSnapshots snapshots;
    private @Nullable HeadChunkFiles chunkFiles;
    private @Nullable OutOfOrderLog wbl;
    private volatile double staleSeriesThreshold;
    private volatile Retention retention;
    private volatile boolean closing;
    /** The replay is to end early. */
    private volatile boolean abandoned;

    private volatile ReplayProgress progress;
    private volatile @Nullable Replayed replayed;

    /** What there is once the log has been replayed. */
    private record Replayed(
            Maintenance maintenance,
            HeadChunkFiles chunkFiles,
            HeadChunkRecovery.Damage chunkDamage,
            WalRecovery.Damage damage,
            ReplayStats stats,
            OutOfOrderLog wbl,
            OutOfOrderCompaction outOfOrder,
            ReplayStats wblReplay) {
        OutOfOrderLogStats wblStats() {
            return new OutOfOrderLogStats(
                    wbl.sizeBytes(),
                    wbl.currentSegment(),
                    wbl.failedWrites(),
                    outOfOrder.truncations(),
                    outOfOrder.failedTruncations(),
                    outOfOrder.blocksCut(),
                    wbl.damage(),
                    wblReplay);
        }
    }

    /** The log of samples out of order, once it has been replayed. */
    private record Late(OutOfOrderLog log, ReplayStats stats) {}

    private Tsdb(
            TsdbConfig config,
            DataDirectory directory,
            BlockStore blocks,
            WalStart start,
            HeadSnapshots snapshots,
            LateLog late,
            Head head)
            throws IOException {
        this.config = config;
        this.snapshots = snapshots;
        staleSeriesThreshold = config.staleSeriesThreshold();
        retention = config.firstRetention();
        this.directory = directory;
        this.blocks = blocks;
        this.head = head;
        head.outOfOrder().setWindow(config.outOfOrderWindow().toMillis());
        firstSegment = start.nextNumber();
        uncheckedSegment = start.uncheckedNumber();
        mintMs = blocks.inOrderMaxTimeMs(); // retention is for blocks: a clock that runs ahead drops nothing here
        progress = new ReplayProgress(start.firstNumber(), firstSegment, start.firstNumber());
        headReplay = head.beginReplay(mintMs, start.greatestRef());
        boolean _ = head.refuseBefore(blocks.inOrderMaxTimeMs());
        wal = Wal.open(
                config.files(),
                directory.wal(),
                config.walSegmentBytes(),
                firstSegment,
                Math.max(0, start.greatestRef()),
                config.walCompression(),
                task -> {
                    Scheduler.Task _ = config.scheduler().schedule(Duration.ZERO, task);
                });
        wal.beginUnchecked();
        wal.observe(config.observer(), config.scheduler().ticker());
        blocks.observe(config.observer(), config.scheduler().ticker());
        late.set(wal);
    }

    /**
     * Opens a data directory: takes its lock, replays and mends its log.
     *
     * @throws IOException when another process has the directory, it holds what cannot be read, or the file system fails
     */
    public static Tsdb open(TsdbConfig config) throws IOException {
        Tsdb tsdb = begin(config);
        tsdb.replay();
        return tsdb;
    }

    /**
     * Opens a data directory for appends: takes its lock and begins a segment of the log. {@link #replay} must follow; all
     * but appends and {@link #stats} has to wait for its end. Where the log does not tell which series references are
     * free, since another program has written its end, it is replayed here, before anything can be appended.
     *
     * @throws IOException as {@link #open}
     */
    public static Tsdb begin(TsdbConfig config) throws IOException {
        DataDirectory directory = DataDirectory.open(config.files(), config.directory(), config.exclusive());
        LateLog late = new LateLog();
        HeadOptions options = new HeadOptions(
                config.maxExemplars(),
                config.startTimestampZeros(),
                config.startTimestamps(),
                config.observer()::outOfOrder,
                config.readMemory());
        Head head = new Head(config.memory(), config.chunkRange().toMillis(), options, late);
        BlockStore blocks = null;
        Tsdb tsdb;
        WalStart start;
        try {
            blocks = openBlocks(config, directory);
            WalStart found = directory.walStart();
            HeadSnapshots snapshots =
                    new HeadSnapshots(config.files(), directory.path(), directory.wal(), directory.damaged(), found);
            start = snapshots.hidesReferences() ? found.withUnknownRef() : found;
            tsdb = new Tsdb(config, directory, blocks, start, snapshots, late, head);
        } catch (IOException | RuntimeException e) {
            try (DataDirectory _ = directory;
                    BlockStore _ = blocks) {
                head.close();
            } catch (IOException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
        if (!start.isRefKnown()) {
            log.info("the newest segment of the log is not of this program, so appends wait until it is replayed");
            tsdb.replay();
        }
        return tsdb;
    }

    /**
     * Brings back what the directory holds, while appends go on: what is appended meanwhile is written to the log at once,
     * and comes behind what is older. Nothing where that was done before. A TSDB that fails to do so is closed, unless the
     * replay was given up.
     *
     * @throws IOException when the file system fails, or the TSDB is closed meanwhile
     */
    public void replay() throws IOException {
        replayLock.lock();
        try {
            if (replayed != null) {
                return;
            }
            requireGoingOn();
            Replayed done = replayLog();
            replayed = done;
            done.maintenance.start();
        } catch (IOException | RuntimeException e) {
            try {
                if (!abandoned) {
                    close();
                }
            } catch (IOException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        } finally {
            replayLock.unlock();
        }
    }

    /**
     * Lets a replay that is under way end soon, with an {@link IOException}. What is appended is still written to the log,
     * until {@link #close} follows; the next start brings all of it back.
     */
    public void giveUpReplay() {
        abandoned = true;
    }

    private Replayed replayLog() throws IOException {
        long startNanos = config.scheduler().ticker().nanos();
        HeadChunkRecovery.Result chunks =
                new HeadChunkRecovery(config.files(), directory.chunksHead(), directory.damaged()).run(headReplay);
        HeadChunkFiles files = HeadChunkFiles.open(config.files(), directory.chunksHead(), chunks);
        chunkFiles = files;
        head.useChunkFiles(files);
        Replay replay = new Replay(headReplay, mintMs);
        WalRecovery.Result recovered;
        long malformedSamples;
        try (ReplayPipeline pipeline = new ReplayPipeline(replay, mintMs, () -> closing || abandoned)) {
            UncheckedSegments handler = new UncheckedSegments(pipeline, uncheckedSegment);
            HeadSnapshots.Usable snapshot = snapshots.check(chunks);
            SkippedSamples behind = new SkippedSamples(handler, snapshot != null);
            if (snapshot != null) {
                headReplay.unknown(snapshots.greatestRef());
            }
            recovered = new WalRecovery(config.files(), directory.wal(), directory.damaged())
                    .run(
                            behind,
                            (first, current, last) -> {
                                handler.segment(current);
                                progressed(pipeline, first, current, last);
                            },
                            firstSegment,
                            snapshot == null ? null : snapshot.shortcut(pipeline, behind::end));
            pipeline.drain();
            malformedSamples = pipeline.malformed();
        }
        long chunksLeftOut = headReplay.settle();
        Late late = replayOutOfOrder();
        snapshots.remove();
        CatchUp catchUp = new CatchUp(headReplay);
        catchUp.earlier(
                config.files(),
                directory.wal(),
                recovered.segments().stream()
                        .filter(segment -> segment.number() >= uncheckedSegment)
                        .toList());
        replay.add(catchUp.earlierStats());
        replay.report(chunksLeftOut, malformedSamples);
        try (LogTail tail = new LogTail(config.files(), directory.wal(), firstSegment)) {
            catchUp(tail, catchUp, recovered);
        }
        takeOutNewNames();
        progress = new ReplayProgress(progress.min(), firstSegment, firstSegment);
        config.observer().replayed(config.scheduler().ticker().nanos() - startNanos);
        log.infof(
                "TSDB is open dir=%s series=%d samples=%d wal_segments=%d duration_ms=%d",
                config.directory(),
                head.stats().series(),
                replay.samples(),
                recovered.segments().size(),
                (config.scheduler().ticker().nanos() - startNanos) / 1_000_000);
        OutOfOrderCompaction outOfOrder = new OutOfOrderCompaction(
                head.outOfOrder(), late.log, blocks, config.chunkRange().toMillis());
        Maintenance maintenance = new Maintenance(
                config, head, wal, blocks, files, recovered, outOfOrder, () -> staleSeriesThreshold, () -> retention);
        return new Replayed(
                maintenance,
                files,
                chunks.damage(),
                recovered.damage(),
                replay.stats(),
                late.log,
                outOfOrder,
                late.stats);
    }

    /** Brings back the samples out of order, whose series are there by now. No commit adds any before the replay is over. */
    private Late replayOutOfOrder() throws IOException {
        OutOfOrderReplay replay = new OutOfOrderReplay(head.outOfOrder());
        WalRecovery.Result recovered = new WalRecovery(config.files(), directory.wbl(), directory.damaged())
                .run(replay, (_, _, _) -> requireGoingOn(), Integer.MAX_VALUE);
        WalBatch markers = replay.end(recovered.damage());
        OutOfOrderLog opened = new OutOfOrderLog(config, directory.wbl(), recovered);
        wbl = opened;
        head.outOfOrder().useLog(opened);
        if (!markers.isEmpty()) {
            opened.write(markers, head.outOfOrder().maxTimeMs());
        }
        return new Late(opened, replay.stats());
    }

    private void requireGoingOn() throws IOException {
        if (closing || abandoned) {
            throw new IOException(config.directory() + ": closed while its log was replayed");
        }
    }

    private void progressed(ReplayPipeline pipeline, int first, int current, int last) throws IOException {
        progress = new ReplayProgress(first, last, current);
        config.replayProgress().segment(first, current, last);
        if (head.closedChunkBytes() > REPLAY_CHUNK_BYTES) {
            pipeline.drain();
            int mapped = head.mapChunks();
            log.debugf("head chunks moved to files during the replay chunks=%d", mapped);
        }
    }

    /** Brings back what was committed since the start, the last of it while no commit is under way. */
    private void catchUp(LogTail tail, CatchUp handler, WalRecovery.Result recovered) throws IOException {
        Wal.End before = new Wal.End(firstSegment, 0);
        for (int round = 0; round < CATCH_UP_ROUNDS; round++) {
            Wal.End end = head.readBetweenCommits(wal::end);
            tail.readTo(end, handler);
            if (end.number() == before.number() && end.sizeBytes() - before.sizeBytes() < CATCH_UP_BYTES) {
                break;
            }
            before = end;
        }
        head.betweenCommits(() -> {
            tail.readTo(wal.end(), handler);
            wal.follow(recovered.segments(), headReplay.end());
            endUnchecked();
        });
    }

    /** What is late has come to its own log: the next start need not look for it in this one. */
    private void endUnchecked() {
        try {
            wal.endUnchecked(uncheckedSegment < firstSegment);
        } catch (IOException e) {
            log.warn(
                    "that the log was replayed to its end could not be noted, it is tried again with the next samples",
                    e);
        }
    }

    /** So that a Prometheus may read the log; it waits for the next start where that fails. */
    private void takeOutNewNames() {
        if (!head.hasNewNames()) {
            return;
        }
        try {
            head.betweenCommits(wal::nextSegment);
            SegmentRewrite rewrite = new SegmentRewrite(config.files(), directory.wal(), config.walCompression());
            for (int segment : wal.numbersFrom(uncheckedSegment)) {
                wal.resized(segment, rewrite.run(segment, new NewNames(head)));
            }
            head.forgetNewNames();
        } catch (IOException e) {
            log.warn("what was logged during the replay keeps references of its own", e);
        }
    }

    /** How far the replay of the log has come. */
    public ReplayProgress replayProgress() {
        return progress;
    }

    /** Whether all there is can be read. */
    public boolean isReplayed() {
        return replayed != null;
    }

    boolean isClosing() {
        return closing;
    }

    private Replayed replayed() {
        Replayed done = replayed;
        if (done == null) {
            throw new IllegalStateException(config.directory() + ": the log is still being replayed, segment "
                    + progress.current() + " of " + progress.max() + "; try again later");
        }
        return done;
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
        Replayed _ = replayed();
        // The head first: what it drops from then on is in a block before, so nothing is missed between the two.
        List<Querier> newest = head.queriers(mintMs, maxtMs);
        try {
            BlockStore.Views older = blocks.views(mintMs, maxtMs);
            List<Querier> parts = new ArrayList<>(older.inOrder());
            parts.add(newest.getFirst());
            parts.addAll(older.outOfOrder());
            parts.addAll(newest.subList(1, newest.size()));
            return new MergedQuerier(parts);
        } catch (RuntimeException e) {
            newest.forEach(Querier::close);
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
        Maintenance maintenance = replayed().maintenance;
        maintenance.exclusively(() -> {
            head.betweenCommits(wal::mend); // or what was taken during a replay would come back
            if (head.outOfOrder().hasAny(matchers)) {
                maintenance.compactOutOfOrder(); // in a block they can be marked, and what comes later is not hidden
            }
            blocks.delete(mintMs, maxtMs, matchers);
            int _ = head.delete(mintMs, maxtMs, matchers);
        });
    }

    /** Writes the blocks anew that have deleted samples, without them. */
    public void cleanTombstones() throws IOException {
        long startNanos = config.scheduler().ticker().nanos();
        replayed().maintenance.exclusively(blocks::cleanTombstones);
        config.observer().tombstonesCleaned(config.scheduler().ticker().nanos() - startNanos);
    }

    /**
     * Puts a copy of what is there into a directory that a TSDB can be opened on: blocks as links, so on the same volume,
     * and the head as one more block.
     *
     * @param skipHead whether to leave out what is in no block yet
     */
    public void snapshot(Path target, boolean skipHead) throws IOException {
        Maintenance maintenance = replayed().maintenance;
        maintenance.exclusively(() -> {
            if (!skipHead) {
                maintenance.compactOutOfOrder();
            }
            long maxTimeMs = head.maxTimeMs();
            boolean withHead = !skipHead && maxTimeMs >= head.minTimeMs() && maxTimeMs < Long.MAX_VALUE;
            blocks.snapshot(target, withHead ? head::querier : null, head.minTimeMs(), maxTimeMs + 1);
        });
    }

    /**
     * Takes samples that are so much older than the newest one, and not in order, from now on; while the log is replayed,
     * from the end of that on.
     *
     * @param window zero for none; what was taken before stays
     */
    public void setOutOfOrderWindow(Duration window) {
        if (window.isNegative()) {
            throw new IllegalArgumentException(
                    "tsdb: window for samples out of order must not be negative, found " + window);
        }
        head.outOfOrder().setWindow(window.toMillis());
    }

    /**
     * Sets the share of the series in memory from which on those that have ended go to blocks before their time.
     *
     * @param share zero or less for never; it is never reached where it is greater than 1
     */
    public void setStaleSeriesThreshold(double share) {
        staleSeriesThreshold = share;
    }

    /** What is kept from now on; the next round of maintenance acts by it. */
    public void setRetention(Retention newRetention) {
        retention = newRetention;
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
        replayed().maintenance.run();
    }

    /** What there is now; while the log is replayed, what has come back so far. */
    public TsdbStats stats() {
        Replayed done = replayed;
        return new TsdbStats(
                head.stats(),
                config.memory().bytes(),
                config.memory().limitBytes(),
                config.memory().bytesPerTag(),
                wal.sizeBytes(),
                done == null ? 0 : done.maintenance.checkpointBytes(),
                wal.currentNumber(),
                wal.failedWrites(),
                done == null ? NO_DAMAGE : done.damage,
                done == null ? NOTHING_REPLAYED : done.stats,
                head.outOfOrder().stats(),
                done == null ? new OutOfOrderLogStats(0, -1, 0, 0, 0, 0, NO_DAMAGE, NOTHING_REPLAYED) : done.wblStats(),
                done == null ? 0 : done.chunkFiles.sizeBytes(),
                done == null ? new HeadChunkRecovery.Damage(0, 0, 0) : done.chunkDamage,
                blocks.stats(),
                done == null ? 0 : done.maintenance.truncations(),
                done == null ? 0 : done.maintenance.checkpoints(),
                done == null ? 0 : done.maintenance.stale().staleSeries(),
                done == null ? 0 : done.maintenance.stale().left(),
                directory.isClean(),
                done == null ? 0 : done.maintenance.failures());
    }

    /**
     * Ends appends and queries, a replay too, syncs the log and gives memory and directory back. Close queriers first:
     * while one is open, the memory stays.
     */
    @Override
    public void close() throws IOException {
        boolean again = closing;
        closing = true;
        replayLock.lock();
        try {
            Replayed done = replayed;
            if (done != null) {
                done.maintenance.stop();
                writeSnapshot(done, again);
            }
            head.close();
            try (DataDirectory last = directory;
                    BlockStore _ = blocks;
                    HeadChunkFiles _ = chunkFiles;
                    OutOfOrderLog _ = wbl) {
                wal.close();
                log.debugf("TSDB is closed dir=%s", last);
            }
        } finally {
            replayLock.unlock();
        }
    }

    /** Where that fails, the next start replays the log. */
    private void writeSnapshot(Replayed done, boolean closedBefore) {
        if (closedBefore || !config.headSnapshot()) {
            return;
        }
        try {
            head.atRest(() -> snapshots.write(head, wal, done.chunkFiles, config.walCompression()));
        } catch (IOException e) {
            log.warn("no snapshot of the head could be written, the next start will replay the log", e);
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

        @Override
        public void mend() throws IOException {
            Wal opened = wal.get();
            if (opened != null) {
                opened.mend();
            }
        }

        @Override
        public void takeBack() throws IOException {
            Wal opened = wal.get();
            if (opened != null) {
                opened.takeBack();
            }
        }
    }
}
