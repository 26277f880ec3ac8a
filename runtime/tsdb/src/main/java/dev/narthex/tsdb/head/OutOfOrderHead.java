// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import dev.narthex.memory.MemoryAccount;
import dev.narthex.model.LabelMatcher;
import dev.narthex.model.NativeHistogram;
import dev.narthex.storage.Querier;
import dev.narthex.tsdb.headchunk.HeadChunkFiles;
import dev.narthex.tsdb.headchunk.HeadChunkHandler;
import dev.narthex.tsdb.wal.WalBatch;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The part of the head for samples that come out of order: older than the last one of their series, or than what the head
 * takes in order, and not older than the newest sample of the head by more than a window. They go to a log of their own
 * and stay apart from the others, until a compaction writes them to blocks.
 */
public final class OutOfOrderHead {
    /** With so many full pieces a commit moves them to files. */
    private static final int MAP_PIECES = 1024;

    private final Head head;
    private final ReentrantLock commitLock;
    private final OutOfOrderStore store;
    private final PendingOutOfOrder pending = new PendingOutOfOrder();
    private final OutOfOrderMapper mapper;
    private final Rejections rejections = new Rejections();
    private volatile long windowMs;
    private Log log = (_, _) -> {};
    private @Nullable LoadedOutOfOrder loading;
    private int mapFrom = MAP_PIECES;
    private long maxReplayedRef;
    private long floatsAppended;
    private long histogramsAppended;

    OutOfOrderHead(Head head, MemoryAccount account, ReentrantLock commitLock) {
        this.head = head;
        this.commitLock = commitLock;
        store = new OutOfOrderStore(account);
        mapper = new OutOfOrderMapper(head, store);
    }

    /** Takes samples that are so much older than the newest one of the head, from now on; 0 for none. */
    public void setWindow(long newWindowMs) {
        windowMs = newWindowMs;
    }

    /** Where the samples are logged; to be set before the first of them comes. */
    public void useLog(Log newLog) {
        log = newLog;
    }

    /** Samples from this time on are taken; {@link Long#MAX_VALUE} where none is. */
    long fromMs(long newestMs) {
        long window = windowMs;
        if (window == 0) {
            return Long.MAX_VALUE;
        }
        return newestMs < Long.MIN_VALUE + window ? Long.MIN_VALUE : newestMs - window;
    }

    /**
     * Logs a transaction: samples out of order here, everything else in another log, which comes first, for it has the
     * series. Where that fails, the whole transaction is as if it had not been tried. For the writer, as the next ones.
     */
    void write(HeadAppender appender, Log other) throws IOException {
        if (head.commits().isReplaying()) {
            // What is late among it is found out when all that is older is there: CatchUp brings it here.
            other.write(appender.batch(), appender.newestMs());
            return;
        }
        pending.find(appender, head);
        // What a failed transaction has left in either log must not come to light behind this one.
        log.mend();
        if (pending.isEmpty()) {
            other.write(appender.batch(), appender.newestMs());
            return;
        }
        appender.fillBatch(pending);
        boolean both = !appender.batch().isEmpty();
        if (both) {
            other.write(appender.batch(), appender.newestMs());
        } else {
            other.mend();
        }
        try {
            WalBatch records = pending.records(appender, store);
            if (!records.isEmpty()) {
                log.write(records, pending.newestMs());
            }
        } catch (IOException e) {
            if (both) {
                takeBack(other, e);
            }
            throw e;
        }
    }

    private static void takeBack(Log other, IOException cause) {
        try {
            other.takeBack();
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    /** Adds a float of a transaction where it is one of those; false where it came in order. */
    boolean addFloat(HeadAppender appender, int at, long commit) {
        if (!pending.isFloat(at)) {
            return false;
        }
        add(appender.record(at), appender.timestampMs(at), appender.value(at), null, appender.startMs(at), commit);
        return true;
    }

    /** Adds a sample, counted, unless it is there. For the writer. */
    void add(
            int record,
            long timestampMs,
            double value,
            @Nullable NativeHistogram histogram,
            long startMs,
            long commit) {
        if (store.add(record, timestampMs, Double.doubleToRawLongBits(value), histogram, kept(startMs), commit)) {
            if (histogram == null) {
                floatsAppended++;
            } else {
                histogramsAppended++;
            }
        }
    }

    private long kept(long startMs) {
        return head.options().startTimestamps() ? startMs : 0;
    }

    /** Logs samples that were taken while the log was replayed. For the writer. */
    void catchUp(WalBatch records, long newestMs) throws IOException {
        log.write(records, newestMs);
    }

    /** Adds a histogram of a transaction where it is one of those; false where it came in order. */
    boolean addHistogram(PendingHistograms histograms, int at, long commit) {
        if (!pending.isHistogram(at)) {
            return false;
        }
        add(
                histograms.record(at),
                histograms.timestampMs(at),
                0,
                histograms.histogram(at),
                histograms.startMs(at),
                commit);
        return true;
    }

    /** Moves samples to files before their time where there are many of them. Under the commit lock. */
    void mapIfMany(ReentrantLock collectLock) {
        if (store.fullPieces() < mapFrom || !collectLock.tryLock()) {
            return;
        }
        try {
            int _ = map();
        } catch (IOException e) {
            mapFrom = store.fullPieces() + 8 * MAP_PIECES; // maintenance tries, too, and tells
        } finally {
            collectLock.unlock();
        }
    }

    /** Moves full pieces to files; how many. Under both locks. */
    int map() throws IOException {
        HeadChunkFiles files = head.samples().mapped().files();
        if (files == null || store.fullPieces() == 0) {
            return 0;
        }
        int moved = mapper.map(files, log, head.visibleCommit());
        mapFrom = store.fullPieces() + MAP_PIECES;
        return moved;
    }

    void beginReplay() {
        loading = new LoadedOutOfOrder(head.samples(), store);
    }

    /** Takes chunks of files, before the logs are replayed. */
    HeadChunkHandler loading() {
        LoadedOutOfOrder loaded = loading;
        if (loaded == null) {
            throw new IllegalStateException("head: no replay is under way");
        }
        return loaded;
    }

    /** Ends a replay; the greatest series reference that the log or the files have named. */
    long endReplay() {
        if (loading != null) {
            named(loading.maxSeriesRef());
            loading.clear();
            loading = null;
        }
        return maxReplayedRef;
    }

    /**
     * Notes that the log names a series reference, for whatever: no other series may get it, or it would get at a later
     * start what the log has under this name.
     */
    public void named(long ref) {
        maxReplayedRef = Math.max(maxReplayedRef, Math.min(ref, Head.MAX_REF));
    }

    /**
     * Brings back a sample of the log, which is replayed behind that of all samples.
     *
     * @param histogram null for a float
     * @return false when its series is not known
     */
    public boolean replay(long ref, long timestampMs, double value, @Nullable NativeHistogram histogram, long startMs) {
        int record = head.index().refs.record(ref);
        if (record == 0) {
            return false;
        }
        boolean _ = store.add(record, timestampMs, Double.doubleToRawLongBits(value), histogram, kept(startMs), 0);
        return true;
    }

    /** Takes a loaded chunk in the place of those samples that were replayed so far and are in it. */
    public void replayMarker(long ref, long chunkReference) throws IOException {
        int record = head.index().refs.record(ref);
        LoadedOutOfOrder loaded = loading;
        if (record != 0 && loaded != null) {
            boolean _ = loaded.attach(ref, record, chunkReference);
        }
    }

    /** Takes all loaded chunks, since a part of the log that names them is lost; the markers that it needs for them. */
    public WalBatch replayAllChunks() throws IOException {
        WalBatch markers = new WalBatch();
        LoadedOutOfOrder loaded = loading;
        if (loaded != null) {
            loaded.attachRest(head.index().refs::record, markers);
        }
        return markers;
    }

    /** Whether a series that meets all matchers has samples here. */
    public boolean hasAny(List<LabelMatcher> matchers) {
        if (store.isEmpty()) {
            return false;
        }
        int reader = head.readers().enterWithoutSamples();
        try {
            return store.hasAny(new SeriesSelector(head.index(), SelectionMemory.unlimited()).select(matchers));
        } finally {
            head.readers().leave(reader);
        }
    }

    /** A view of what is to be shown, as of a commit. */
    Querier querier(long commit, long fromMs, long toMs) {
        return new OutOfOrderQuerier(
                head,
                commit,
                store.visibleFrom(),
                Integer.MAX_VALUE,
                fromMs,
                toMs,
                new SelectionMemory(head.options().reads()));
    }

    /**
     * Begins a compaction: no sample is added any more to what is there.
     *
     * @param meanwhile is run while no commit is under way
     * @return the generation that samples belong to from now on
     */
    public int freeze(Head.Action<IOException> meanwhile) throws IOException {
        commitLock.lock();
        try {
            head.requireOpen();
            meanwhile.run();
            mapFrom = MAP_PIECES;
            return store.freeze();
        } finally {
            commitLock.unlock();
        }
    }

    /** A view of frozen samples, those of generations from one on to another, exclusive. */
    public Querier frozen(int fromGeneration, int toGeneration, long fromMs, long toMs) {
        return new OutOfOrderQuerier(
                head, Long.MAX_VALUE, fromGeneration, toGeneration, fromMs, toMs, SelectionMemory.unlimited());
    }

    /**
     * Hides samples of generations before one from views that are opened from now on, for a block has them.
     *
     * @return a mark for {@link #drop}
     */
    public long hide(int firstVisible) {
        store.hideBefore(firstVisible);
        return head.readers().epoch();
    }

    /**
     * Drops hidden samples once no view from before they were hidden is open any more.
     *
     * @param mark what {@link #hide} has returned
     * @return whether it is done
     */
    public boolean drop(int firstKept, long mark) {
        if (head.readers().advance() <= mark) {
            return false;
        }
        drop(firstKept, Long.MIN_VALUE, true);
        return true;
    }

    /** Drops chunks that are all older than a time. */
    public void dropBefore(long timeMs) {
        drop(0, timeMs, store.minTimeMs() < timeMs);
    }

    private void drop(int firstKept, long timeMs, boolean needed) {
        if (needed) {
            commitLock.lock();
            try {
                store.drop(firstKept, timeMs);
            } finally {
                commitLock.unlock();
            }
        }
    }

    public boolean isEmpty() {
        return store.isEmpty();
    }

    /** The first timestamp, {@link Long#MAX_VALUE} where there is none. */
    public long minTimeMs() {
        return store.minTimeMs();
    }

    /** The last timestamp, {@link Long#MIN_VALUE} where there is none. */
    public long maxTimeMs() {
        return store.maxTimeMs();
    }

    public OutOfOrderStats stats() {
        commitLock.lock();
        try {
            return new OutOfOrderStats(
                    floatsAppended,
                    histogramsAppended,
                    store.pieceCount(),
                    store.dropped(),
                    store.minTimeMs(),
                    store.maxTimeMs(),
                    rejections.floats(),
                    rejections.histograms());
        } finally {
            commitLock.unlock();
        }
    }

    OutOfOrderStore store() {
        return store;
    }

    Rejections rejections() {
        return rejections;
    }
}
