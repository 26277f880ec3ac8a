// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import dev.narthex.model.time.Scheduler;
import dev.narthex.tsdb.head.Head;
import dev.narthex.tsdb.wal.Wal;
import dev.narthex.tsdb.wal.WalRecovery;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps memory and log within their bounds: drops samples older than the retention, and older ones still where the log
 * or the memory is too large; ends segments in time, and puts a checkpoint in the place of those whose samples are gone.
 */
final class Maintenance {
    private static final Logger log = Logger.getLogger(Maintenance.class);

    private final TsdbConfig config;
    private final Head head;
    private final Wal wal;
    private final Checkpoints checkpoints;
    private final ReentrantLock lock = new ReentrantLock();
    private Scheduler.@Nullable Task next;
    private long segmentSinceMs;
    private int segmentNumber;
    private boolean stopped;
    private volatile long truncations;
    private volatile long written;
    private volatile long failures;

    Maintenance(TsdbConfig config, Head head, Wal wal, WalRecovery.Result recovered) {
        this.config = config;
        this.head = head;
        this.wal = wal;
        checkpoints = new Checkpoints(config.files(), wal, head, recovered.checkpoint(), recovered.checkpointBytes());
        segmentSinceMs = config.scheduler().clock().millis();
        segmentNumber = wal.currentNumber();
    }

    void start() {
        schedule();
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

    /** One round; what fails is logged and tried again in the next one. */
    void run() {
        lock.lock();
        try {
            if (stopped) {
                return;
            }
            long nowMs = config.scheduler().clock().millis();
            endOldSegment(nowMs);
            long mintMs = mintMs(nowMs);
            int removed = head.truncate(mintMs);
            int mapped = head.mapChunks();
            head.truncateChunkFiles();
            truncations = truncations() + 1;
            if (checkpoints.run(mintMs)) {
                written = checkpoints() + 1;
            }
            log.debugf("head truncated mint_ms=%d series_removed=%d chunks_mapped=%d", mintMs, removed, mapped);
        } catch (IOException e) {
            failures = failures() + 1;
            log.warn("TSDB maintenance failed, it will be tried again", e);
        } finally {
            lock.unlock();
        }
    }

    /** Segments end in time, too, so that the log of a quiet server does not keep old samples for days. */
    private void endOldSegment(long nowMs) throws IOException {
        if (segmentNumber != wal.currentNumber()) {
            segmentNumber = wal.currentNumber();
            segmentSinceMs = nowMs;
        } else if (nowMs - segmentSinceMs >= config.chunkRange().toMillis()) {
            head.betweenCommits(wal::nextSegment);
            segmentNumber = wal.currentNumber();
            segmentSinceMs = nowMs;
        }
    }

    private long mintMs(long nowMs) {
        long mintMs = Math.max(head.mintMs(), nowMs - config.retention().toMillis());
        mintMs = Math.max(mintMs, mintForLog());
        return Math.max(mintMs, mintForMemory(mintMs));
    }

    /** The time from which on the samples fit the log's size. */
    private long mintForLog() {
        long excess = wal.sizeBytes() + checkpoints.sizeBytes() - config.retentionBytes();
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
        log.warnf(
                "memory limit reached, the oldest samples are dropped before their time used_bytes=%d limit_bytes=%d"
                        + " from_ms=%d to_ms=%d",
                config.memory().bytes(), config.memory().limitBytes(), oldest, earlier);
        return earlier;
    }

    void stop() {
        lock.lock();
        try {
            stopped = true;
            if (next != null) {
                next.cancel();
            }
        } finally {
            lock.unlock();
        }
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
