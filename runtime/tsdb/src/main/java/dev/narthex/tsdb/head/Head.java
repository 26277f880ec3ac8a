// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import dev.narthex.memory.LongRecords;
import dev.narthex.memory.MemoryAccount;
import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.model.Metadata;
import dev.narthex.model.NativeHistogram;
import dev.narthex.storage.AppendResult;
import dev.narthex.storage.Appender;
import dev.narthex.storage.ExemplarQueryable;
import dev.narthex.storage.Querier;
import dev.narthex.tsdb.block.Intervals;
import dev.narthex.tsdb.headchunk.HeadChunkFiles;
import dev.narthex.tsdb.wal.WalBatch;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The newest samples, in memory. Appends and queries come from many threads; commits are made one after the other, for
 * the log that they are written to has one end only.
 */
public final class Head implements AutoCloseable {
    /** The largest series reference. */
    public static final long MAX_REF = SeriesRefs.MAX_REF;

    private static final int KEPT_APPENDERS = 32;
    /** So many series are looked at before appends get their turn. */
    private static final int COLLECT_SERIES = 2048;
    /** So many are removed at once: each time the postings that they are in are written anew. */
    private static final int REMOVE_SERIES = 1 << 15;

    private final LongRecords series;
    private final Readers readers = new Readers();
    private final HeadIndex index;
    private final HeadSamples samples;
    private final ExemplarRing exemplars;
    private final SeriesMetadata metadata;
    private final HeadOptions options;
    private final long appendWindowMs;
    /** One truncation or one moving of chunks to files at a time; taken before the commit lock. */
    private final ReentrantLock collectLock = new ReentrantLock();

    private final ReentrantLock commitLock = new ReentrantLock();
    /** Guards the two lists of appenders and the round; the commit lock is never taken while it is held. */
    private final Object appendersLock = new Object();

    private final ArrayDeque<HeadAppender> keptAppenders = new ArrayDeque<>();

    private final ArrayList<HeadAppender> openAppenders = new ArrayList<>();

    /** How often the collector has marked idle series. */
    private long collectorRound;

    private final MemoryAccount.Tag closedChunksTag;

    private final Log log;

    private long lastCommit;
    private long samplesAppended;
    private long outOfOrderSamples;
    private long duplicateSamples;
    private long seriesCreatedBefore;
    private long seriesRemoved;
    private volatile long minTimeMs = Long.MAX_VALUE;
    private volatile long maxTimeMs = Long.MIN_VALUE;
    /** Older samples are not taken and not shown any more. */
    private volatile long mintMs = Long.MIN_VALUE;

    private @Nullable LoadedChunks loading;
    /** The log is being replayed: what is committed meanwhile is written, and comes from there behind what is older. */
    private volatile boolean replaying;

    /** When all samples are dropped that other names of series may stand for. */
    private long aliasesEndMs = Long.MAX_VALUE;
    /** Older samples are not taken any more, but shown. */
    private volatile long appendMintMs = Long.MIN_VALUE;

    private final HeadTombstones tombstones = new HeadTombstones();

    private final OutOfOrderHead outOfOrder;

    private volatile boolean closed;

    /**
     * @param chunkRangeMs chunks do not go across multiples of this; samples older than the newest by more than half of
     *     it are refused, as in Prometheus
     */
    public Head(MemoryAccount account, long chunkRangeMs, Log log) {
        this(account, chunkRangeMs, HeadOptions.NONE, log);
    }

    /**
     * @param chunkRangeMs chunks do not go across multiples of this; samples older than the newest by more than half of
     *     it are refused, as in Prometheus
     */
    public Head(MemoryAccount account, long chunkRangeMs, HeadOptions options, Log log) {
        this.log = log;
        this.options = options;
        exemplars = new ExemplarRing(account, options.maxExemplars());
        metadata = new SeriesMetadata(account);
        appendWindowMs = chunkRangeMs / 2;
        closedChunksTag = account.tag("closed chunks");
        series = new LongRecords(account.tag("series"), SeriesLayout.FIELDS);
        index = new HeadIndex(account, readers, series);
        samples = new HeadSamples(account, readers, series, chunkRangeMs);
        outOfOrder = new OutOfOrderHead(this, account, commitLock);
    }

    public Appender appender() {
        requireOpen();
        synchronized (appendersLock) {
            HeadAppender kept = keptAppenders.poll();
            HeadAppender appender = kept == null ? new HeadAppender(this) : kept;
            appender.place(openAppenders.size());
            openAppenders.add(appender);
            boolean unchecked = replaying;
            long outOfOrderFromMs = unchecked ? Long.MAX_VALUE : outOfOrder.fromMs(maxTimeMs);
            appender.begin(minValidTimeMs(), outOfOrderFromMs, collectorRound, unchecked);
            return appender;
        }
    }

    /** A view of the samples that came in order. */
    public Querier querier(long fromMs, long toMs) {
        return new HeadQuerier(this, fromMs, toMs);
    }

    /**
     * Views as of one commit: of the samples that came in order, and, where there are some, of those that did not; of two
     * of one time the former is to be shown.
     */
    public List<Querier> queriers(long fromMs, long toMs) {
        HeadQuerier inOrder = new HeadQuerier(this, fromMs, toMs);
        if (outOfOrder.isEmpty()) {
            return List.of(inOrder);
        }
        try {
            return List.of(inOrder, outOfOrder.querier(inOrder.commit(), fromMs, toMs));
        } catch (RuntimeException e) {
            inOrder.close();
            throw e;
        }
    }

    private long minValidTimeMs() {
        long newest = maxTimeMs;
        long window = newest < Long.MIN_VALUE + appendWindowMs ? Long.MIN_VALUE : newest - appendWindowMs;
        return Math.max(Math.max(mintMs, appendMintMs), window);
    }

    /**
     * Takes no samples in order before a time any more, from transactions that begin from now on.
     *
     * @return whether no open transaction may still add some
     */
    public boolean refuseBefore(long timeMs) {
        synchronized (appendersLock) {
            appendMintMs = Math.max(appendMintMs, timeMs);
            for (HeadAppender appender : openAppenders) {
                if (appender.inOrderFromMs() < timeMs) {
                    return false;
                }
            }
            return true;
        }
    }

    /**
     * Deletes the samples that are there now in a range of the series that meet all matchers. They are hidden until they
     * are dropped.
     *
     * @param fromMs inclusive
     * @param toMs inclusive
     * @return of how many series
     * @throws IOException when the log could not be written: then nothing is deleted
     */
    public int delete(long fromMs, long toMs, List<LabelMatcher> matchers) throws IOException {
        commitLock.lock();
        try {
            requireOpen();
            Map<Long, Intervals> deleted = new HashMap<>();
            int reader = readers.enter(Long.MAX_VALUE);
            try {
                for (int record : new SeriesSelector(index).select(matchers)) {
                    long lastT = series.page(record)[series.offset(record) + SeriesLayout.LAST_T];
                    long end = Math.min(toMs, lastT);
                    if (lastT != SeriesLayout.NO_TIME && fromMs <= end) {
                        deleted.put(index.refOf(record), Intervals.of(fromMs, end));
                    }
                }
            } finally {
                readers.leave(reader);
            }
            if (!deleted.isEmpty()) {
                WalBatch batch = new WalBatch();
                long newest = HeadTombstones.write(deleted, batch);
                log.write(batch, newest);
                tombstones.add(deleted);
            }
            return deleted.size();
        } finally {
            commitLock.unlock();
        }
    }

    /** The deletions of samples that are still in memory. */
    public HeadTombstones tombstones() {
        return tombstones;
    }

    /** An appender's transaction has ended. */
    void ended(HeadAppender appender) {
        synchronized (appendersLock) {
            HeadAppender last = openAppenders.removeLast();
            if (last != appender) {
                openAppenders.set(appender.place(), last);
                last.place(appender.place());
            }
        }
    }

    /** Keeps a closed appender for another transaction. */
    void keep(HeadAppender appender) {
        synchronized (appendersLock) {
            if (keptAppenders.size() < KEPT_APPENDERS) {
                keptAppenders.push(appender);
            }
        }
    }

    /** Keeps a series for a transaction; false where the record does not hold it any more. */
    boolean use(int record, long ref) {
        return SeriesFlags.use(series.page(record), series.offset(record) + SeriesLayout.REF, ref);
    }

    /**
     * Keeps a series for a transaction by any of its names.
     *
     * @param name what the record was found by
     * @return the name that the log is to have, 0 where the record does not hold the series any more
     */
    long useAs(int record, long name) {
        while (true) {
            long ref = index.refOf(record);
            if (use(record, ref)) {
                return ref;
            }
            if (index.refOf(record) == ref || index.refs.record(name) != record) {
                return 0;
            }
        }
    }

    private long collectorRound() {
        synchronized (appendersLock) {
            return collectorRound;
        }
    }

    /** Ends the marking of idle series: appenders that begin from now on see the marks. The round of those. */
    long endMarking() {
        synchronized (appendersLock) {
            return ++collectorRound;
        }
    }

    /** Whether an open transaction may use a series without having seen that it was marked in an earlier round. */
    boolean isOlderAppenderOpen(long round) {
        synchronized (appendersLock) {
            for (HeadAppender appender : openAppenders) {
                if (appender.round() < round) {
                    return true;
                }
            }
            return false;
        }
    }

    /** Writes a transaction to the log, then applies it. */
    void commit(HeadAppender appender) throws IOException {
        long newest = appender.newestMs();
        commitLock.lock();
        try {
            requireOpen();
            if (appender.isUnchecked() && !replaying) {
                appender.rename(index); // the replay has found older names of series that it made
            }
            outOfOrder.write(appender, log);
            for (int i = 0; i < appender.unloggedCount(); i++) {
                setLogged(appender.unlogged(i), appender.unloggedRef(i));
            }
            if (replaying) {
                samplesAppended += appender.count() + appender.histograms().count();
                return;
            }
            long commit = ++lastCommit;
            long oldestCommit = readers.oldestCommit();
            PendingHistograms histograms = appender.histograms();
            int floats = 0;
            int histogram = 0;
            for (int section = 0; section < histograms.sections(); section++) {
                for (int end = histograms.floatEnd(section, appender.count()); floats < end; floats++) {
                    if (outOfOrder.addFloat(appender, floats, commit)) {
                        continue;
                    }
                    count(samples.append(
                            appender.record(floats),
                            appender.ref(floats),
                            appender.timestampMs(floats),
                            appender.value(floats),
                            commit,
                            oldestCommit));
                }
                for (int end = histograms.histogramEnd(section); histogram < end; histogram++) {
                    if (outOfOrder.addHistogram(histograms, histogram, commit)) {
                        continue;
                    }
                    count(samples.append(
                            histograms.record(histogram),
                            histograms.ref(histogram),
                            histograms.timestampMs(histogram),
                            histograms.histogram(histogram),
                            commit,
                            oldestCommit));
                }
            }
            appender.notes().apply(index, metadata, exemplars);
            minTimeMs = Math.min(minTimeMs, appender.oldestMs());
            maxTimeMs = Math.max(maxTimeMs, newest);
            readers.complete(commit);
            samples.drainFrees();
            outOfOrder.mapIfMany(collectLock);
        } finally {
            commitLock.unlock();
        }
    }

    void count(HeadSamples.Outcome outcome) {
        switch (outcome) {
            case ADDED -> samplesAppended++;
            case OUT_OF_ORDER -> outOfOrderSamples++;
            case DUPLICATE -> duplicateSamples++;
            case SAME, GONE -> {}
        }
    }

    /** Whether the log has the labels of a series under a name. */
    boolean isLogged(int record, long ref) {
        long field = series.page(record)[series.offset(record) + SeriesLayout.REF];
        return (field & SeriesLayout.LOGGED) != 0 && (field & SeriesLayout.REF_MASK) == ref;
    }

    /** What becomes of a histogram at the last timestamp of its series. */
    AppendResult compareLast(int record, long ref, NativeHistogram histogram) {
        commitLock.lock();
        try {
            return index.refOf(record) == ref && samples.isLast(record, histogram)
                    ? AppendResult.ACCEPTED
                    : AppendResult.DUPLICATE;
        } finally {
            commitLock.unlock();
        }
    }

    void setLogged(int record, long ref) {
        if (index.refOf(record) == ref) {
            SeriesFlags.set(series.page(record), series.offset(record) + SeriesLayout.REF, SeriesLayout.LOGGED);
        }
    }

    /**
     * Begins a replay. Appends may begin at once where it is known which references are free.
     *
     * @param newMintMs samples before this are not brought back
     * @param greatestRef the log names no series reference greater than this; -1 where that is not known, then nobody may
     *     append before the end of the replay
     */
    public HeadReplay beginReplay(long newMintMs, long greatestRef) {
        LoadedChunks chunks = new LoadedChunks(samples, newMintMs);
        loading = chunks;
        outOfOrder.beginReplay();
        index.reserveRefs(Math.max(0, greatestRef));
        index.deferPostings();
        replaying = true;
        return new HeadReplay(this, chunks);
    }

    /** Enters chunks that a replay gave to a series: samples before a time are dropped, though a chunk may begin earlier. */
    void attached(long newMintMs, long chunksMintMs, long chunksMaxtMs) {
        mintMs = Math.max(mintMs, newMintMs);
        minTimeMs = Math.min(minTimeMs, Math.max(mintMs, chunksMintMs));
        maxTimeMs = Math.max(maxTimeMs, chunksMaxtMs);
    }

    /** Enters the timestamp of a replayed sample. */
    void widen(long timestampMs) {
        if (timestampMs < minTimeMs) {
            minTimeMs = timestampMs;
        }
        if (timestampMs > maxTimeMs) {
            maxTimeMs = timestampMs;
        }
    }

    /** The samples are there that were there when the replay began. */
    void settled() {
        loading = null;
        long rangeMs = 2 * appendWindowMs;
        // Samples under other names end here; another range of chunks, in case something still waits to be written.
        aliasesEndMs = maxTimeMs > Long.MAX_VALUE - rangeMs ? Long.MAX_VALUE : maxTimeMs + rangeMs;
        seriesCreatedBefore = index.seriesCount();
    }

    /** The replay is over; some of the samples that were taken meanwhile have been refused. */
    void replayed(long refused) {
        replaying = false;
        samplesAppended -= refused;
    }

    /** Says where the chunks lie that were loaded, and where closed chunks go from now on. */
    public void useChunkFiles(HeadChunkFiles files) {
        samples.mapped().use(files);
    }

    /** The bytes of closed chunks in memory. */
    public long closedChunkBytes() {
        return closedChunksTag.bytes();
    }

    /**
     * Writes closed chunks to their files and gives their memory back, while appends and queries go on.
     *
     * @return how many chunks were written
     * @throws IOException when a file could not be written; what is not written stays in memory for the next time
     */
    public int mapChunks() throws IOException {
        collectLock.lock();
        try {
            int late;
            commitLock.lock();
            try {
                late = outOfOrder.map();
            } finally {
                commitLock.unlock();
            }
            return late + samples.mapped().moveAll(commitLock, COLLECT_SERIES);
        } finally {
            collectLock.unlock();
        }
    }

    /** Removes files of chunks that hold nothing any more that somebody may read. */
    public void truncateChunkFiles() throws IOException {
        collectLock.lock();
        try {
            samples.mapped()
                    .truncate(
                            Math.min(mintMs, readers.oldestMint()),
                            outOfOrder.store().firstFile());
        } finally {
            collectLock.unlock();
        }
    }

    /**
     * Drops samples before a time and series that have had none for two calls, while appends and queries go on. What an
     * open querier shows is dropped by a later call.
     *
     * @return how many series were removed
     */
    public int truncate(long newMintMs) {
        collectLock.lock();
        try {
            return truncateLocked(newMintMs);
        } finally {
            collectLock.unlock();
        }
    }

    private int truncateLocked(long newMintMs) {
        mintMs = Math.max(mintMs, newMintMs);
        if (mintMs > aliasesEndMs) {
            index.removeAliases();
            aliasesEndMs = Long.MAX_VALUE;
        }
        long round = collectorRound();
        long dropMs = Math.min(mintMs, readers.oldestMint());
        int[] idle = {};
        int idleCount = 0;
        int end = series.end();
        for (int from = 1; from < end; from += COLLECT_SERIES) {
            int to = Math.min(end, from + COLLECT_SERIES);
            if (idle.length < idleCount + to - from) {
                idle = Arrays.copyOf(idle, Math.max(2 * idle.length, idleCount + to - from));
            }
            commitLock.lock();
            try {
                idleCount = truncate(from, to, dropMs, idle, idleCount);
                samples.drainFrees();
            } finally {
                commitLock.unlock();
            }
        }
        long _ = endMarking();
        int removed = 0;
        // What cannot be removed now stays marked, and is tried again by the next call.
        int removable = isOlderAppenderOpen(round) ? 0 : idleCount;
        for (int from = 0; from < removable; from += REMOVE_SERIES) {
            commitLock.lock();
            try {
                removed += remove(Arrays.copyOfRange(idle, from, Math.min(removable, from + REMOVE_SERIES)), dropMs);
            } finally {
                commitLock.unlock();
            }
        }
        index.drainFrees();
        commitLock.lock();
        try {
            minTimeMs = Math.max(minTimeMs, mintMs);
            // A file still has what memory has dropped, or is going to: the next start would bring it back.
            tombstones.truncate(Math.min(dropMs, samples.mapped().minTimeMs()), this::firstTimestamp);
        } finally {
            commitLock.unlock();
        }
        return removed;
    }

    private long firstTimestamp(long ref) {
        int record = index.refs.record(ref);
        return record == 0 ? Long.MAX_VALUE : samples.firstTimestampOf(record);
    }

    /** Truncates some series and notes those that have been idle for a whole round; how many are noted. */
    private int truncate(int from, int to, long dropMs, int[] idle, int idleCount) {
        int count = idleCount;
        for (int record = from; record < to; record++) {
            long[] fields = series.page(record);
            int at = series.offset(record) + SeriesLayout.REF;
            long field = fields[at];
            if ((field & SeriesLayout.REF_MASK) == 0) {
                continue;
            }
            if (!samples.truncate(record, dropMs) || outOfOrder.store().hasSeries(record)) {
                SeriesFlags.clear(fields, at, SeriesLayout.IDLE);
            } else if ((field & SeriesLayout.IDLE) == 0) {
                SeriesFlags.set(fields, at, SeriesLayout.IDLE);
            } else {
                idle[count++] = record;
            }
        }
        return count;
    }

    /** Removes those of the series that have got no sample meanwhile and that no transaction uses. */
    private int remove(int[] idle, long dropMs) {
        int count = 0;
        for (int record : idle) {
            boolean empty =
                    samples.truncate(record, dropMs) && !outOfOrder.store().hasSeries(record);
            if (empty && SeriesFlags.leave(series.page(record), series.offset(record) + SeriesLayout.REF)) {
                idle[count++] = record;
            }
        }
        remove(idle, count);
        return count;
    }

    /** Removes series that are leaving. For the writer. */
    void remove(int[] leaving, int count) {
        if (count > 0) {
            for (int i = 0; i < count; i++) {
                boolean _ = samples.truncate(leaving[i], Long.MAX_VALUE);
                metadata.remove(index.refOf(leaving[i]));
            }
            index.remove(leaving, count);
            seriesRemoved += count;
        }
    }

    /** Frees what readers have left. */
    void drainFrees() {
        index.drainFrees();
        commitLock.lock();
        try {
            samples.drainFrees();
        } finally {
            commitLock.unlock();
        }
    }

    /** Writes records to the log. For the writer. */
    void write(WalBatch batch, long newestMs) throws IOException {
        log.write(batch, newestMs);
    }

    /** Those of the series that have ended. */
    public StaleSeries staleSeries() {
        return new StaleSeries(this, series);
    }

    public int seriesCount() {
        return index.seriesCount();
    }

    /** Every series reference that the log may use, in order; take the labels by {@link #copyLabels}. */
    public long[] seriesEntries() {
        return index.entries();
    }

    public static long refOf(long entry) {
        return SeriesRefs.refOf(entry);
    }

    /** The bytes that {@link #copyLabels} needs. */
    public int labelsBytes(long entry) {
        return index.labelsBytes(SeriesRefs.recordOf(entry));
    }

    /** Copies the labels of a series entry in the form of {@link LabelBytes}; where they end. */
    public int copyLabels(long entry, byte[] into, int offset) {
        return index.copyLabels(SeriesRefs.recordOf(entry), into, offset);
    }

    /** The name under which a series goes on in the log, by any of its names. */
    public long nameOf(long ref) {
        int record = index.refs.record(ref);
        return record == 0 ? ref : index.refOf(record);
    }

    /** Whether the log has names of series that the replay has taken from them: see {@link #nameOf}. */
    public boolean hasNewNames() {
        return index.hasNewNames();
    }

    /** Says that the log has no such names any more. */
    public void forgetNewNames() {
        index.forgetNewNames();
    }

    public boolean hasSeries(long ref) {
        return index.refs.record(ref) != 0;
    }

    public HeadStats stats() {
        int seriesCount = index.seriesCount();
        int labelPairs = index.labelPairCount();
        int symbols = index.symbolCount();
        commitLock.lock();
        try {
            return new HeadStats(
                    seriesCount,
                    labelPairs,
                    symbols,
                    samples.chunkCount(),
                    samplesAppended,
                    outOfOrderSamples,
                    duplicateSamples,
                    seriesCount + seriesRemoved - seriesCreatedBefore,
                    seriesRemoved,
                    minTimeMs,
                    maxTimeMs,
                    readers.active());
        } finally {
            commitLock.unlock();
        }
    }

    /** Runs something while no commit is under way. */
    public <E extends Exception> void betweenCommits(Action<E> action) throws E {
        commitLock.lock();
        try {
            action.run();
        } finally {
            commitLock.unlock();
        }
    }

    /** Reads something while no commit is under way. */
    public <T> T readBetweenCommits(Supplier<T> reading) {
        commitLock.lock();
        try {
            return reading.get();
        } finally {
            commitLock.unlock();
        }
    }

    /** What may fail in its own way. */
    @FunctionalInterface
    public interface Action<E extends Exception> {
        void run() throws E;
    }

    /** Refuses appends and queries from now on, and gives the memory back unless a querier is still open. */
    @Override
    public void close() {
        commitLock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            if (readers.active() == 0) {
                LoadedChunks chunks = loading;
                if (chunks != null) {
                    chunks.clear();
                }
                samples.clear();
                outOfOrder.store().clear();
                exemplars.clear();
                metadata.clear();
                index.clear();
                series.clear();
            }
        } finally {
            commitLock.unlock();
        }
    }

    void requireOpen() {
        if (closed) {
            throw new IllegalStateException("head: closed already");
        }
    }

    /** The exemplars. */
    public ExemplarQueryable exemplars() {
        return exemplars;
    }

    public ExemplarStats exemplarStats() {
        return exemplars.stats();
    }

    /** The references of the series of which something is said, for {@link #metadataOf}. */
    public long[] metadataRefs() {
        return metadata.refs();
    }

    /** What was last said of a series, null where nothing was. */
    public @Nullable Metadata metadataOf(long ref) {
        return metadata.get(ref);
    }

    /** What was last said of the series that meet all matchers; those of which nothing was said are left out. */
    public Map<Labels, Metadata> metadata(List<LabelMatcher> matchers) {
        Map<Labels, Metadata> found = new TreeMap<>();
        int reader = readers.enter(Long.MAX_VALUE); // the collector must not free the labels meanwhile
        try {
            requireOpen();
            for (int record : new SeriesSelector(index).select(matchers)) {
                Metadata note = metadata.get(index.refOf(record));
                if (note != null) {
                    found.put(index.labels(record), note);
                }
            }
        } finally {
            readers.leave(reader);
        }
        return found;
    }

    ExemplarRing exemplarRing() {
        return exemplars;
    }

    SeriesMetadata metadata() {
        return metadata;
    }

    HeadOptions options() {
        return options;
    }

    HeadIndex index() {
        return index;
    }

    /** What came out of order. */
    public OutOfOrderHead outOfOrder() {
        return outOfOrder;
    }

    /** The last commit that every reader may see. */
    long visibleCommit() {
        return Math.min(lastCommit, readers.oldestCommit());
    }

    HeadSamples samples() {
        return samples;
    }

    Readers readers() {
        return readers;
    }

    long[] seriesPage(int record) {
        return series.page(record);
    }

    int seriesOffset(int record) {
        return series.offset(record);
    }

    /** Samples before this are dropped. */
    public long mintMs() {
        return mintMs;
    }

    public long minTimeMs() {
        return minTimeMs;
    }

    public long maxTimeMs() {
        return maxTimeMs;
    }
}
