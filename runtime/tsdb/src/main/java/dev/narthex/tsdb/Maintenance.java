// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import dev.narthex.model.time.Scheduler;
import dev.narthex.tsdb.compact.BlockStore;
import dev.narthex.tsdb.head.Head;
import dev.narthex.tsdb.headchunk.HeadChunkFiles;
import dev.narthex.tsdb.wal.Wal;
import dev.narthex.tsdb.wal.WalRecovery;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps memory and log within their bounds: drops samples older than the retention, and older ones still where the log
 * or the memory is too large; ends segments in time, and puts a checkpoint in the place of those whose samples are gone.
 */
final class Maintenance {
    private static final Logger log = Logger.getLogger(Maintenance.class);

    /** A transaction that is under way when a block is to be cut is mostly over by then. */
    private static final Duration BEHIND_TRANSACTIONS = Duration.ofSeconds(1);

    /** Older than this is what has no time: a series without samples. */
    private static final long FIRST_TIME = Long.MIN_VALUE + 1;

    private final TsdbConfig config;
    private final Head head;
    private final Wal wal;
    private final BlockStore blocks;
    private final HeadChunkFiles chunkFiles;
    private final Checkpoints checkpoints;
    private final StaleSeriesCompaction stale;
    private final OutOfOrderCompaction outOfOrder;
    private final Supplier<Retention> retention;
    private final ReentrantLock lock = new ReentrantLock();
    private Scheduler.@Nullable Task next;
    private long segmentSinceMs;
    private int segmentNumber;
    private boolean stopped;
    /** Blocks that were cut from the head. */
    private long cuts;
    /** The last round could not cut a block, since a transaction was under way that may still add to it. */
    private boolean heldUp;

    private volatile long truncations;
    private volatile long written;
    private volatile long failures;

    Maintenance(
            TsdbConfig config,
            Head head,
            Wal wal,
            BlockStore blocks,
            HeadChunkFiles chunkFiles,
            WalRecovery.Result recovered,
            OutOfOrderCompaction outOfOrder,
            DoubleSupplier staleSeriesThreshold,
            Supplier<Retention> retention) {
        this.chunkFiles = chunkFiles;
        this.retention = retention;
        this.config = config;
        this.head = head;
        this.wal = wal;
        this.blocks = blocks;
        this.outOfOrder = outOfOrder;
        checkpoints = new Checkpoints(
                config.files(), wal, head, config.observer(), recovered.checkpoint(), recovered.checkpointBytes());
        stale = new StaleSeriesCompaction(head, blocks, config.chunkRange().toMillis(), staleSeriesThreshold);
        segmentSinceMs = config.scheduler().clock().millis();
        segmentNumber = wal.currentNumber();
    }

    void start() {
        long mintMs = retentionMintMs(config.scheduler().clock().millis());
        int _ = head.truncate(mintMs);
        head.outOfOrder().dropBefore(mintMs);
        watchSpan();
        schedule();
    }

    /** A commit behind which a block can be cut asks for a round before its time. */
    private void watchSpan() {
        lock.lock();
        try {
            if (config.compaction() && !stopped) {
                // Inside the commit, which a round may be waiting for: so nothing but scheduling, and no lock.
                head.spanAlarm().set(longestMs(), () -> soon(Duration.ZERO, () -> extraRound(true)));
            }
        } finally {
            lock.unlock();
        }
    }

    private void soon(Duration delay, Runnable task) {
        Scheduler.Task _ = config.scheduler().schedule(delay, task);
    }

    /**
     * A round besides the regular ones. Where no block came of it, the next one is a regular one; one that a transaction
     * has held up is tried once more.
     */
    private void extraRound(boolean first) {
        lock.lock();
        try {
            long before = cuts;
            heldUp = false;
            round();
            boolean cut = cuts != before;
            if (cut) {
                watchSpan();
            }
            if (heldUp && (first || cut)) {
                soon(BEHIND_TRANSACTIONS, () -> extraRound(false));
            }
        } finally {
            lock.unlock();
        }
    }

    private void schedule() {
        lock.lock();
        try {
            if (!stopped) {
                next = config.scheduler().schedule(config.maintenanceInterval(), this::tick);
            }
        } finally {
            lock.unlock();
        }
    }

    private void tick() {
        try {
            run();
        } finally {
            schedule();
        }
    }

    /** A regular round; what fails is logged and tried again in the next one. */
    void run() {
        try {
            round();
        } finally {
            watchSpan();
        }
    }

    private void round() {
        boolean truncated = false;
        lock.lock();
        try {
            if (stopped) {
                return;
            }
            long nowMs = config.scheduler().clock().millis();
            endOldSegment(nowMs);
            long end = blocks.inOrderMaxTimeMs();
            if (config.compaction()) {
                config.observer().compactionTriggered();
                releaseStale();
                cutBlocks();
            } else {
                config.observer().compactionSkipped();
            }
            boolean now = blocks.inOrderMaxTimeMs() != end || !config.memory().hasRoom(0);
            outOfOrder.round(nowMs, retentionMintMs(nowMs), config.compaction(), now);
            long mintMs = mintMs(nowMs);
            boolean dropsSamples = mintMs > head.minTimeMs();
            int removed = truncate(mintMs);
            if (dropsSamples) {
                config.observer().headTruncated();
            }
            int mapped = head.mapChunks();
            config.observer().chunksMapped(mapped);
            head.truncateChunkFiles();
            truncations = truncations() + 1;
            truncated = true;
            writeCheckpoint(mintMs);
            lookAfterBlocks(nowMs);
            stale.choose(nowMs);
            log.debugf("head truncated mint_ms=%d series_removed=%d chunks_mapped=%d", mintMs, removed, mapped);
        } catch (IOException e) {
            failures = failures() + 1;
            if (!truncated) {
                config.observer().truncationFailed();
            }
            log.warn("TSDB maintenance failed, it will be tried again", e);
        } finally {
            lock.unlock();
        }
    }

    private long nanos() {
        return config.scheduler().ticker().nanos();
    }

    private int truncate(long mintMs) {
        long startNanos = nanos();
        int removed = head.truncate(mintMs);
        config.observer().headCollected(nanos() - startNanos);
        return removed;
    }

    private void writeCheckpoint(long mintMs) throws IOException {
        long startNanos = nanos();
        try {
            if (checkpoints.run(mintMs)) {
                written = checkpoints() + 1;
                config.observer().logTruncated(nanos() - startNanos);
            }
        } catch (IOException e) {
            config.observer().checkpointFailed();
            throw e;
        }
    }

    private void releaseStale() throws IOException {
        long startNanos = nanos();
        boolean well = false;
        try {
            boolean any = stale.release();
            well = true;
            if (any) {
                config.observer().staleSeriesCompacted(nanos() - startNanos, true);
            }
        } finally {
            if (!well) {
                config.observer().staleSeriesCompacted(nanos() - startNanos, false);
            }
        }
    }

    /** Cuts blocks out of the head while it has more than one and a half of their range. */
    private void cutBlocks() throws IOException {
        long range = config.chunkRange().toMillis();
        while (head.isLongerThan(longestMs())) {
            long from = head.minTimeMs();
            if (from < Long.MIN_VALUE + range || from > Long.MAX_VALUE - range) {
                return; // beyond what a block can be named after
            }
            if (!cut(from, Math.floorDiv(from, range) * range + range)) {
                return;
            }
        }
    }

    /** How far the first and the last sample of the head may be apart before a block is cut. */
    private long longestMs() {
        long range = config.chunkRange().toMillis();
        return range + range / 2;
    }

    /** Moves the samples of a range from the head to a block; false where a transaction may still add some. */
    private boolean cut(long fromMs, long toMs) throws IOException {
        if (!head.refuseBefore(toMs)) {
            heldUp = true;
            return false;
        }
        long behind = toMs;
        if (blocks.cut(head::querier, fromMs, toMs, List.of()) == null) {
            // A gap may be as long as all of time: the next block begins where there is something.
            long first = BlockStore.firstTimestampMs(head::querier, toMs, Long.MAX_VALUE);
            behind = Math.max(toMs, Math.min(first, head.maxTimeMs() - longestMs()));
        } else {
            cuts++;
        }
        int _ = truncate(behind);
        config.observer().headTruncated();
        return true;
    }

    private void lookAfterBlocks(long nowMs) throws IOException {
        blocks.reload(head.minTimeMs());
        blocks.dropOlder(retention.get().time().toMillis(), nowMs);
        long limit = limitBytes();
        if (limit != Long.MAX_VALUE) {
            blocks.dropBeyond(limit - besideBlocks());
        }
        if (config.compaction()) {
            int _ = blocks.compact();
        }
    }

    /** What counts for the size besides blocks: the logs and the files of head chunks, as in Prometheus. */
    private long besideBlocks() {
        return wal.sizeBytes() + outOfOrder.logBytes() + checkpoints.sizeBytes() + chunkFiles.sizeBytes();
    }

    /** What log, files of head chunks and blocks may take together. */
    private long limitBytes() throws IOException {
        Retention now = retention.get();
        if (now.percentage() == 0) {
            return now.bytes();
        }
        double share = config.files().totalBytes(config.directory()) * now.percentage() / 100;
        return Math.min(now.bytes(), (long) share);
    }

    /** Moves all samples out of order to blocks; inside {@link #exclusively}. */
    void compactOutOfOrder() throws IOException {
        outOfOrder.compact();
    }

    /** Does something to head and blocks while no round is under way. */
    <E extends Exception> void exclusively(Head.Action<E> action) throws E {
        lock.lock();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
    }

    /** Segments end in time, too, so that the log of a quiet server does not keep old samples for days. */
    private void endOldSegment(long nowMs) throws IOException {
        if (segmentNumber != wal.currentNumber() || segmentSinceMs > nowMs) { // or the clock was set back
            segmentNumber = wal.currentNumber();
            segmentSinceMs = nowMs;
        } else if (nowMs - segmentSinceMs >= config.chunkRange().toMillis()) {
            head.betweenCommits(wal::nextSegment);
            segmentNumber = wal.currentNumber();
            segmentSinceMs = nowMs;
        }
    }

    private long mintMs(long nowMs) throws IOException {
        long mintMs = Math.max(head.mintMs(), retentionMintMs(nowMs));
        mintMs = Math.max(mintMs, mintForLog());
        return Math.max(mintMs, mintForMemory(mintMs));
    }

    /**
     * The time from which on samples in memory are within the retention. That is for blocks, as in Prometheus: what is in
     * none yet stays. Where none are cut it counts from the newest sample: a clock that runs ahead drops nothing.
     */
    private long retentionMintMs(long nowMs) {
        long newest = Math.min(nowMs, head.maxTimeMs());
        long retentionMs = retention.get().time().toMillis();
        return config.compaction() || newest < Long.MIN_VALUE + retentionMs ? FIRST_TIME : newest - retentionMs;
    }

    /** The time from which on the samples fit the log's size. */
    private long mintForLog() throws IOException {
        if (!blocks.blocks().isEmpty()) {
            return Long.MIN_VALUE; // the oldest blocks go first
        }
        long excess = wal.sizeBytes() + checkpoints.sizeBytes() - limitBytes();
        long mintMs = Long.MIN_VALUE;
        for (Wal.Segment segment : wal.ended()) {
            if (excess <= 0) {
                break;
            }
            excess -= segment.sizeBytes();
            if (segment.maxTimeMs() != Long.MIN_VALUE) {
                mintMs = Math.max(mintMs, segment.maxTimeMs() + 1);
            }
        }
        return mintMs;
    }

    /** Where memory is above its limit, the oldest tenth of the samples goes; again in the next round if need be. */
    private long mintForMemory(long mintMs) {
        if (config.memory().hasRoom(0)) {
            return Long.MIN_VALUE;
        }
        long oldest = Math.max(mintMs, head.minTimeMs());
        long newest = head.maxTimeMs();
        if (newest <= oldest) {
            return Long.MIN_VALUE;
        }
        long earlier = oldest + Math.max(1, (newest - oldest) / 10);
        long cutMs = Math.min(
                oldest + (newest - oldest) / 2, newest - config.chunkRange().toMillis() / 2);
        if (config.compaction() && cutMs > oldest && cutEarly(oldest, cutMs)) {
            return Long.MIN_VALUE;
        }
        log.warnf(
                "memory limit reached, the oldest samples are dropped before their time used_bytes=%d limit_bytes=%d"
                        + " from_ms=%d to_ms=%d",
                config.memory().bytes(), config.memory().limitBytes(), oldest, earlier);
        return earlier;
    }

    /** Makes room in memory by a block before its time; false where that is not possible. */
    private boolean cutEarly(long fromMs, long toMs) {
        try {
            return cut(fromMs, toMs);
        } catch (IOException e) {
            log.warn("memory limit reached, and no block could be cut", e);
            return false;
        }
    }

    void stop() {
        lock.lock();
        try {
            stopped = true;
            head.spanAlarm().clear();
            if (next != null) {
                next.cancel();
            }
        } finally {
            lock.unlock();
        }
    }

    StaleSeriesCompaction stale() {
        return stale;
    }

    List<Wal.Segment> endedSegments() {
        return wal.ended();
    }

    long truncations() {
        return truncations;
    }

    long checkpoints() {
        return written;
    }

    long failures() {
        return failures;
    }

    long checkpointBytes() {
        return checkpoints.sizeBytes();
    }
}
