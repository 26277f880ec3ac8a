// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.wal;

import dev.narthex.memory.StorageFiles;
import dev.narthex.memory.StorageFiles.StorageFile;
import dev.narthex.model.time.Ticker;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.jboss.logging.Logger;

/**
 * The end of the log, where commits are written. All records of a commit go to one segment, by one write where they fit
 * the staging buffer; a write that fails is taken back, so that the next one can succeed as if it had not been tried.
 *
 * <p>As in Prometheus a segment is synced when it ends and when the log is closed, not at each commit: what was written
 * survives the death of the process, and a crash of the machine may cost the last moments.
 *
 * <p>Writes are for one thread at a time, which the owner sees to; the rest is safe for use by many.
 */
public final class Wal implements AutoCloseable {
    private static final Logger log = Logger.getLogger(Wal.class);

    /** For a log whose segments do not tell how far series references go. */
    public static final long NO_BOUNDS = -1;

    /** A segment ends before a series is written whose reference is greater by more than this than those before it. */
    private static final long REFS_AHEAD = 1 << 18;

    private final StorageFiles files;
    private final Path directory;
    private final long segmentBytes;
    private final ByteBuffer staging = SegmentWriter.newStaging();
    private final List<Segment> ended = new ArrayList<>();
    private final Executor background;
    /** Files of segments that have ended and are still to be synced and closed. */
    private final ConcurrentLinkedQueue<StorageFile> unsynced = new ConcurrentLinkedQueue<>();

    private final ReentrantLock syncLock = new ReentrantLock();
    private StorageFile file;
    private SegmentWriter writer;
    private final WalCompression compression;
    private final RecordCompressor compressor;
    private int number;
    private long maxTimeMs = Long.MIN_VALUE;
    /** A write failed and could not be taken back: the file is longer than the log. */
    private boolean tailToCut;

    /** Where the last write began. */
    private long lastStart;

    private WalObserver observer = WalObserver.NONE;
    private Ticker ticker = () -> 0;
    private boolean closed;
    private volatile long currentBytes;
    private volatile long failedWrites;
    /** No series reference in the log is greater; {@link #NO_BOUNDS} where segments do not tell. */
    private long greatestRef;
    /** What the current segment tells of that. */
    private long bound;
    /** What a segment tells that not even a crash of the machine can take away. */
    private long durableBound;
    /** Segments that are begun tell that their samples have not been compared with those before. */
    private boolean unchecked;
    /** The current segment ends before the next write. */
    private boolean ends;
    /** A segment that tells that its samples have been compared is still to be begun. */
    private boolean endsUnchecked;

    private Wal(
            StorageFiles files,
            Path directory,
            long segmentBytes,
            long greatestRef,
            WalCompression compression,
            Executor background,
            StorageFile file,
            int number) {
        this.files = files;
        this.directory = directory;
        this.segmentBytes = segmentBytes;
        this.greatestRef = greatestRef;
        this.background = background;
        this.compression = compression;
        compressor = new RecordCompressor(compression);
        this.file = file;
        this.number = number;
        writer = new SegmentWriter(file, staging, 0);
    }

    /**
     * Opens a log for writing.
     *
     * @param directory the log's directory, which is there
     * @param segmentBytes the size of a segment, a multiple of the page size
     * @param nextNumber the number of the segment to begin
     * @param greatestRef no series reference in the log is greater than this
     * @param compression of the records to be written
     * @param background syncs segments that have ended, so that no commit waits for a disk
     */
    public static Wal open(
            StorageFiles files,
            Path directory,
            long segmentBytes,
            int nextNumber,
            long greatestRef,
            WalCompression compression,
            Executor background)
            throws IOException {
        StorageFile file = create(files, directory, nextNumber);
        return new Wal(files, directory, segmentBytes, greatestRef, compression, background, file, nextNumber);
    }

    private static StorageFile create(StorageFiles files, Path directory, int number) throws IOException {
        StorageFile file = files.openWrite(directory.resolve(WalLayout.segmentName(number)));
        try {
            files.syncDirectory(directory);
            return file;
        } catch (IOException e) {
            closeQuietly(file);
            throw e;
        }
    }

    /**
     * Writes records: all of them, or none and an exception.
     *
     * @param newestMs the last timestamp of the samples among them
     */
    public void write(WalBatch batch, long newestMs) throws IOException {
        if (closed) {
            throw new IOException(directory + ": the log is closed");
        }
        cutTail();
        boolean bounded = greatestRef != NO_BOUNDS;
        boolean beyond = bounded && batch.greatestRef() > bound;
        if (writer.position() > 0 && (beyond || ends || endOf(batch) > segmentBytes)) {
            nextSegment();
        }
        long start = writer.position();
        int parts = writer.parts();
        int flushes = writer.flushes();
        long saved = 0;
        try {
            if (start == 0 && bounded) {
                bound = Math.max(greatestRef, batch.greatestRef()) + REFS_AHEAD;
                byte[] record = new RefBound(bound, unchecked).bytes();
                writer.append(record, 0, record.length, 0);
            }
            for (int i = 0; i < batch.records(); i++) {
                int offset = batch.recordOffset(i);
                int length = batch.recordLength(i);
                int compressed = compressor.compress(batch.bytes(), offset, length);
                if (compressed < 0) {
                    writer.append(batch.bytes(), offset, length, 0);
                } else {
                    writer.append(compressor.bytes(), 0, compressed, compressor.bits());
                    saved += length - compressed;
                }
            }
            writer.flush();
            if (bounded && batch.greatestRef() > durableBound) {
                // Other files will name these references: a segment that says so must not be lost without them.
                sync(file);
                durableBound = bound;
            }
        } catch (IOException e) {
            failedWrites = failedWrites() + 1;
            takeBack(start, e);
            throw e;
        }
        endsUnchecked &= start > 0; // the beginning of a segment has told it
        lastStart = start;
        maxTimeMs = Math.max(maxTimeMs, newestMs);
        currentBytes = writer.position();
        if (bounded) {
            greatestRef = Math.max(greatestRef, batch.greatestRef());
        }
        observer.logWritten(
                writer.parts() - parts,
                currentBytes - start,
                writer.flushes() - flushes,
                currentBytes / WalLayout.PAGE_BYTES - start / WalLayout.PAGE_BYTES,
                saved);
    }

    /** Tells an observer of what is done from now on; before anything is written. */
    public void observe(WalObserver newObserver, Ticker newTicker) {
        observer = newObserver;
        ticker = newTicker;
    }

    private void sync(StorageFile written) throws IOException {
        long startNanos = ticker.nanos();
        try {
            written.sync();
        } finally {
            observer.logSynced(ticker.nanos() - startNanos);
        }
    }

    /**
     * Takes up the segments that were there before this log was opened, once they have been read.
     *
     * @param before in order
     * @param refs no series reference in them is greater than this
     */
    public void follow(List<Segment> before, long refs) {
        synchronized (ended) {
            ended.addAll(0, before);
        }
        greatestRef = refs;
    }

    /** Says that samples are written from now on before it is known what their series have; before anything is written. */
    public void beginUnchecked() {
        unchecked = true;
    }

    /**
     * Says that the samples that are written from now on, and all before, have been compared with what their series have.
     *
     * @param before whether segments from before this log was opened say otherwise
     * @throws IOException when that could not be written; then it comes with the next samples, or {@link #mend}
     */
    public void endUnchecked(boolean before) throws IOException {
        unchecked = false;
        ends = writer.position() > 0;
        endsUnchecked = before || ends;
        mend();
    }

    /** Enters that a segment that has ended was written anew. */
    public void resized(int segment, long sizeBytes) {
        synchronized (ended) {
            ended.replaceAll(one -> one.number() == segment ? new Segment(segment, sizeBytes, one.maxTimeMs()) : one);
        }
    }

    /** Where the last commit ends. Not while one is under way. */
    public End end() {
        return new End(number, writer.position());
    }

    /** Takes back what the last {@link #write} has written; nothing else may have been done in between. */
    public void takeBack() throws IOException {
        IOException failure = new IOException(directory + ": what was written could not be taken back");
        takeBack(lastStart, failure);
        currentBytes = lastStart;
        if (tailToCut) {
            throw failure;
        }
    }

    /**
     * Does what could not be done before, as the next write would: cuts off what a failed write has left and could not be
     * taken back, and notes the end of a replay.
     */
    public void mend() throws IOException {
        cutTail();
        if (endsUnchecked) {
            write(new WalBatch(), Long.MIN_VALUE);
        }
    }

    private long endOf(WalBatch batch) {
        long end = writer.position();
        for (int i = 0; i < batch.records(); i++) {
            end = SegmentWriter.endOf(end, batch.recordLength(i));
        }
        return end;
    }

    private void takeBack(long start, IOException failure) {
        writer.reset(start);
        try {
            file.truncate(start);
        } catch (IOException e) {
            tailToCut = true;
            failure.addSuppressed(e);
        }
    }

    /** Takes back what an earlier failed write has left, before anything is written behind it. */
    private void cutTail() throws IOException {
        if (tailToCut) {
            file.truncate(writer.position());
            tailToCut = false;
        }
    }

    /** Ends the current segment, unless it is empty, and begins the next one. */
    public void nextSegment() throws IOException {
        if (writer.position() == 0) {
            return;
        }
        cutTail();
        StorageFile next = create(files, directory, number + 1);
        StorageFile former = file;
        long size = endSegment(former);
        synchronized (ended) {
            ended.add(new Segment(number, size, maxTimeMs));
        }
        file = next;
        ends = false;
        number++;
        maxTimeMs = Long.MIN_VALUE;
        currentBytes = 0;
        writer = new SegmentWriter(file, staging, 0);
    }

    /** A segment that cannot be padded or synced is complete all the same: its records have been written. */
    private long endSegment(StorageFile former) {
        long size = writer.position();
        try {
            writer.endPage();
            size = writer.position();
        } catch (IOException e) {
            log.warnf(e, "WAL segment could not be filled up segment=%s", WalLayout.segmentName(number));
        }
        unsynced.add(former);
        background.execute(this::syncEnded);
        return size;
    }

    /** Makes the segments that have ended durable. */
    public void syncEnded() {
        syncLock.lock();
        try {
            for (StorageFile next = unsynced.poll(); next != null; next = unsynced.poll()) {
                try {
                    sync(next);
                } catch (IOException e) {
                    log.warnf(e, "WAL segment could not be synced dir=%s", directory);
                }
                closeQuietly(next);
            }
        } finally {
            syncLock.unlock();
        }
    }

    private static void closeQuietly(StorageFile file) {
        try {
            file.close();
        } catch (IOException e) {
            log.warn("file could not be closed", e);
        }
    }

    /** The segments that have ended, in order. */
    public List<Segment> ended() {
        synchronized (ended) {
            return List.copyOf(ended);
        }
    }

    /** The numbers of the segments that have ended, from one on. */
    public List<Integer> numbersFrom(int first) {
        return ended().stream().map(Segment::number).filter(one -> one >= first).toList();
    }

    /** Removes segments up to a number, which a checkpoint stands for. */
    public void removeUpTo(int lastNumber) throws IOException {
        for (Segment segment : ended()) {
            if (segment.number() <= lastNumber) {
                files.delete(directory.resolve(WalLayout.segmentName(segment.number())));
                synchronized (ended) {
                    ended.remove(segment);
                }
            }
        }
        files.syncDirectory(directory);
    }

    /** The number of the segment that is written to. */
    public int currentNumber() {
        return number;
    }

    /** No series reference in the log is greater. Not while a commit is under way. */
    public long greatestRef() {
        return greatestRef;
    }

    /** The bytes of all segments. */
    public long sizeBytes() {
        long size = currentBytes;
        for (Segment segment : ended()) {
            size += segment.sizeBytes();
        }
        return size;
    }

    /** Writes that failed and were taken back. */
    public long failedWrites() {
        return failedWrites;
    }

    public Path directory() {
        return directory;
    }

    WalCompression compression() {
        return compression;
    }

    public long segmentBytes() {
        return segmentBytes;
    }

    /** Pads, syncs and closes the current segment. */
    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        syncEnded();
        try (StorageFile last = file) {
            cutTail();
            writer.endPage();
            sync(last);
            currentBytes = writer.position();
        }
    }

    /** A place in the log: so many bytes of a segment. */
    public record End(int number, long sizeBytes) {}

    /**
     * A segment that has ended.
     *
     * @param maxTimeMs the last timestamp of its samples, {@link Long#MIN_VALUE} where it has none
     */
    public record Segment(int number, long sizeBytes, long maxTimeMs) {}
}
