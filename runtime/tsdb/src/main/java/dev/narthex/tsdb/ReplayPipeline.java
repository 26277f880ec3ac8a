// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import dev.narthex.tsdb.wal.RecordHandler;
import dev.narthex.tsdb.wal.RecordReader;
import dev.narthex.tsdb.wal.RecordType;
import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets two threads replay the log: the one that calls reads, checks, uncompresses and decodes; another one brings back
 * what it hands over, in the order of the log. The batches between them are few and are used again, so a log of any length
 * takes the same memory.
 */
final class ReplayPipeline implements RecordHandler, AutoCloseable {
    private static final int BATCHES = 8;

    private final Replay replay;
    private final long mintMs;
    private final BooleanSupplier cancelled;
    private final BlockingQueue<ReplayBatch> free = new ArrayBlockingQueue<>(BATCHES);
    private final BlockingQueue<ReplayBatch> filled = new ArrayBlockingQueue<>(BATCHES + 1);
    private final ReplayBatch end = new ReplayBatch();
    private final Thread applier;
    private final RecordReader reader = new RecordReader();
    private ReplayBatch current = new ReplayBatch();
    private long maxTimeMs = Long.MIN_VALUE;
    private long malformed;
    private volatile @Nullable Throwable failure;

    /**
     * @param mintMs samples before this are not brought back
     * @param cancelled whether to end before the end of the log
     */
    ReplayPipeline(Replay replay, long mintMs, BooleanSupplier cancelled) {
        this.replay = replay;
        this.mintMs = mintMs;
        this.cancelled = cancelled;
        for (int i = 1; i < BATCHES; i++) {
            free.add(new ReplayBatch());
        }
        applier = Thread.ofPlatform().name("tsdb-replay").daemon().start(this::apply);
    }

    private void apply() {
        try {
            for (ReplayBatch batch = filled.take(); batch != end; batch = filled.take()) {
                if (failure == null) {
                    try {
                        batch.apply(replay);
                    } catch (RuntimeException | Error e) {
                        failure = e; // what comes behind it is dropped
                    }
                }
                batch.clear();
                free.put(batch);
            }
        } catch (InterruptedException e) {
            failure = e;
        }
    }

    @Override
    public void record(byte[] bytes, int offset, int length) throws IOException {
        int type = length == 0 ? RecordType.SERIES : bytes[offset] & 0xff;
        if (type == RecordType.SAMPLES) {
            malformed += samples(bytes, offset + 1, offset + length) ? 0 : 1;
        } else if (type == RecordType.ST_SAMPLES) {
            reader.reset(bytes, offset + 1, offset + length);
            boolean good = SampleRecords.readWithStarts(reader, this::sample);
            malformed += good ? 0 : 1;
        } else if (!current.add(bytes, offset, length)) {
            handOver();
        }
    }

    /** Takes a record of samples; false where it is not well formed, the samples before that are taken. */
    private boolean samples(byte[] bytes, int base, int limit) throws IOException {
        if (limit - base < SampleRecords.BASE_BYTES) {
            return base == limit;
        }
        int at = base + SampleRecords.BASE_BYTES;
        while (at >= 0 && at < limit) {
            at = current.add(bytes, base, at, limit, mintMs);
            if (current.isFull()) {
                handOver();
            }
        }
        return at == limit;
    }

    private void sample(long ref, long timestampMs, double value, long startMs) throws IOException {
        maxTimeMs = Math.max(maxTimeMs, timestampMs);
        if (timestampMs >= mintMs && !current.add(ref, timestampMs, value, startMs)) {
            handOver();
        }
    }

    private void handOver() throws IOException {
        maxTimeMs = Math.max(maxTimeMs, current.maxTimeMs());
        if (cancelled.getAsBoolean()) {
            throw new IOException("closed while its log was replayed");
        }
        try {
            filled.put(current);
            current = free.take();
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
        requireNoFailure();
    }

    @SuppressWarnings("IfChainToSwitch") // the first switch by type that a JVM comes to costs a start 25 ms
    private void requireNoFailure() throws IOException {
        Throwable cause = failure;
        if (cause == null) {
            return;
        } else if (cause instanceof RuntimeException e) {
            throw e;
        } else if (cause instanceof Error e) {
            throw e;
        }
        throw new IOException("tsdb: the replay of the log ended early", cause);
    }

    private static IOException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IOException("tsdb: the replay of the log was interrupted", e);
    }

    /** Waits until everything that was handed out has been brought back. */
    void drain() throws IOException {
        maxTimeMs = Math.max(maxTimeMs, current.maxTimeMs());
        if (!current.isEmpty()) {
            handOver();
        }
        try {
            ReplayBatch[] all = new ReplayBatch[BATCHES - 1];
            for (int i = 0; i < all.length; i++) {
                all[i] = free.take();
            }
            for (ReplayBatch batch : all) {
                free.put(batch);
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
        requireNoFailure();
    }

    @Override
    public long takeMaxTimeMs() throws IOException {
        drain();
        long taken = Math.max(maxTimeMs, replay.takeMaxTimeMs());
        maxTimeMs = Long.MIN_VALUE;
        return taken;
    }

    /** Records of samples that could not be understood. */
    long malformed() {
        return malformed;
    }

    /** Ends the other thread; what was not brought back by then is dropped. */
    @Override
    public void close() {
        boolean interrupted = Thread.interrupted();
        while (true) {
            try {
                filled.put(end);
                applier.join();
                break;
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
