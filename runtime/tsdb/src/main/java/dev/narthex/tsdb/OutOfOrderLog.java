// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import dev.narthex.model.time.Scheduler;
import dev.narthex.tsdb.head.Log;
import dev.narthex.tsdb.wal.Wal;
import dev.narthex.tsdb.wal.WalBatch;
import dev.narthex.tsdb.wal.WalRecovery;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The log of samples out of order, in a directory of its own that is made with the first of them. Writes are for one
 * thread at a time, as with {@link Wal}; the rest is safe for use by many.
 */
final class OutOfOrderLog implements Log, AutoCloseable {
    private final TsdbConfig config;
    private final Path directory;
    private final WalRecovery.Result recovered;
    private volatile @Nullable Wal wal;
    private boolean closed;

    OutOfOrderLog(TsdbConfig config, Path directory, WalRecovery.Result recovered) {
        this.config = config;
        this.directory = directory;
        this.recovered = recovered;
    }

    @Override
    public void write(WalBatch batch, long maxTimeMs) throws IOException {
        opened().write(batch, maxTimeMs);
    }

    @Override
    public void mend() throws IOException {
        Wal present = wal;
        if (present != null) {
            present.mend();
        }
    }

    private synchronized Wal opened() throws IOException {
        Wal present = wal;
        if (present != null) {
            return present;
        }
        if (closed) {
            throw new IOException(directory + ": the log is closed");
        }
        config.files().createDirectories(directory);
        Wal made = Wal.open(
                config.files(),
                directory,
                config.walSegmentBytes(),
                recovered.nextNumber(),
                Wal.NO_BOUNDS,
                config.walCompression(),
                task -> {
                    Scheduler.Task _ = config.scheduler().schedule(Duration.ZERO, task);
                });
        made.follow(recovered.segments(), Wal.NO_BOUNDS);
        wal = made;
        return made;
    }

    /** Ends the current segment; the number of the last one that has ended, -1 where there is none. */
    int endSegment() throws IOException {
        Wal present = wal;
        if (present != null) {
            present.nextSegment();
        }
        List<Wal.Segment> ended = ended();
        return ended.isEmpty() ? -1 : ended.getLast().number();
    }

    private List<Wal.Segment> ended() {
        Wal present = wal;
        return present == null ? recovered.segments() : present.ended();
    }

    /** Removes segments up to a number. */
    void removeUpTo(int lastNumber) throws IOException {
        if (lastNumber >= 0 && !ended().isEmpty() && ended().getFirst().number() <= lastNumber) {
            opened().removeUpTo(lastNumber);
        }
    }

    /** The last of the oldest segments whose samples are all older than a time, -1 where there is none. */
    int lastBefore(long timeMs) {
        int last = -1;
        for (Wal.Segment segment : ended()) {
            if (segment.maxTimeMs() >= timeMs) {
                break;
            }
            last = segment.number();
        }
        return last;
    }

    /** The bytes of all segments. */
    long sizeBytes() {
        Wal present = wal;
        return present == null
                ? recovered.segments().stream()
                        .mapToLong(Wal.Segment::sizeBytes)
                        .sum()
                : present.sizeBytes();
    }

    /** The segment that is written to, -1 where there is none. */
    int currentSegment() {
        Wal present = wal;
        return present == null ? recovered.nextNumber() - 1 : present.currentNumber();
    }

    /** Writes that failed and were taken back. */
    long failedWrites() {
        Wal present = wal;
        return present == null ? 0 : present.failedWrites();
    }

    /** What the last start found damaged, and mended. */
    WalRecovery.Damage damage() {
        return recovered.damage();
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        Wal present = wal;
        if (present != null) {
            present.close();
        }
    }
}
