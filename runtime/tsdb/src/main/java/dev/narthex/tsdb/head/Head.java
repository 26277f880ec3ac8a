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
import dev.narthex.tsdb.headchunk.HeadChunkFiles;
import dev.narthex.tsdb.wal.ExemplarRecords;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
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

    private final LongRecords series;
    private final Readers readers = new Readers();
    private final HeadIndex index;
    private final HeadSamples samples;
    private final ExemplarRing exemplars;
    private final SeriesMetadata metadata;
    private final HeadOptions options;
    private final HeadTimes times;
    private final SpanAlarm spanAlarm;
    /** One truncation or one moving of chunks to files at a time; taken before the commit lock. */
    private final ReentrantLock collectLock = new ReentrantLock();

    private final ReentrantLock commitLock = new ReentrantLock();
    private final OpenAppenders appenders = new OpenAppenders();
    private final HeadCommits commits;
    private final HeadCollector collector;

    private final MemoryAccount.Tag closedChunksTag;

    private @Nullable LoadedChunks loading;

    private final HeadTombstones tombstones = new HeadTombstones();

    private final OutOfOrderHead outOfOrder;

    /** Samples for series that are not there. */
    private final LongAdder unknownSeries = new LongAdder();

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
        this.options = options;
        exemplars = new ExemplarRing(account, options.maxExemplars());
        metadata = new SeriesMetadata(account);
        times = new HeadTimes(chunkRangeMs / 2);
        spanAlarm = new SpanAlarm(times);
        closedChunksTag = account.tag("closed chunks");
        series = new LongRecords(
                account.tag("series"),
                options.startTimestamps() ? SeriesLayout.FIELDS_WITH_STARTS : SeriesLayout.FIELDS);
        index = new HeadIndex(account, readers, series);
        samples = new HeadSamples(account, readers, series, chunkRangeMs, options.startTimestamps());
        outOfOrder = new OutOfOrderHead(this, account, commitLock);
        commits = new HeadCommits(this, commitLock, collectLock, log);
        collector = new HeadCollector(this, series, collectLock, commitLock, appenders);
    }

    public Appender appender() {
        requireOpen();
        return appenders.begin(this);
    }

    /** Begins a transaction, in a round of the collector; for the list of them. */
    void begin(HeadAppender appender, long collectorRound) {
        // During a replay the newest time is not known yet: some are taken that turn out to be too old for the window.
        long outOfOrderFromMs = outOfOrder.fromMs(times.maxTimeMs());
        appender.begin(times.minValidTimeMs(), outOfOrderFromMs, collectorRound, commits.isReplaying());
    }

    /** A view of the samples that came in order, for the storage itself: its lists may take what they need. */
    public Querier querier(long fromMs, long toMs) {
        return new HeadQuerier(this, fromMs, toMs, SelectionMemory.unlimited());
    }

    /**
     * Views as of one commit: of the samples that came in order, and, where there are some, of those that did not; of two
     * of one time the former is to be shown. Their lists count in the account of reads.
     */
    public List<Querier> queriers(long fromMs, long toMs) {
        HeadQuerier inOrder = new HeadQuerier(this, fromMs, toMs, new SelectionMemory(options.reads()));
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

    /**
     * Takes no samples in order before a time any more, from transactions that begin from now on.
     *
     * @return whether no open transaction may still add some
     */
    public boolean refuseBefore(long timeMs) {
        return appenders.refuseBefore(timeMs, () -> times.refuseBefore(timeMs));
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
        return commits.delete(fromMs, toMs, matchers);
    }

    /** The deletions of samples that are still in memory. */
    public HeadTombstones tombstones() {
        return tombstones;
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

    /** Whether the log has the labels of a series under a name. */
    boolean isLogged(int record, long ref) {
        long field = series.page(record)[series.offset(record) + SeriesLayout.REF];
        return (field & SeriesLayout.LOGGED) != 0 && (field & SeriesLayout.REF_MASK) == ref;
    }

    /** Counts a sample whose series is not there. */
    AppendResult unknownSeries() {
        unknownSeries.increment();
        return AppendResult.UNKNOWN_SERIES;
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
        commits.beginReplay();
        return new HeadReplay(this, chunks);
    }

    /** The samples are there that were there when the replay began. */
    void settled() {
        loading = null;
        endAliases();
    }

    /** Samples under other names are not newer than what is there. */
    void endAliases() {
        collector.setAliasesEnd(times.pastEverythingMs());
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
        return collector.mapChunks();
    }

    /**
     * Runs something while nothing is committed or dropped, and all chunks but open ones are in files.
     *
     * @throws IOException when a file could not be written, or by the action
     */
    public void atRest(Action<IOException> action) throws IOException {
        collectLock.lock();
        try {
            commitLock.lock();
            try {
                requireOpen();
                int _ = collector.mapChunks();
                action.run();
            } finally {
                commitLock.unlock();
            }
        } finally {
            collectLock.unlock();
        }
    }

    /** Copies open chunks; {@link #atRest}. */
    public OpenChunk openChunk() {
        return new OpenChunk(this);
    }

    /** Hands out all exemplars in the order in which they came. */
    public void exemplarsInOrder(ExemplarRecords.Exemplars taker) {
        exemplars.inOrder(taker);
    }

    /** Removes files of chunks that hold nothing any more that somebody may read. */
    public void truncateChunkFiles() throws IOException {
        collector.truncateChunkFiles();
    }

    /**
     * Drops samples before a time and series that have had none for two calls, while appends and queries go on. What an
     * open querier shows is dropped by a later call.
     *
     * @return how many series were removed
     */
    public int truncate(long newMintMs) {
        return collector.truncate(newMintMs);
    }

    /** Those of the series that have ended. */
    public StaleSeries staleSeries() {
        return new StaleSeries(this, series, appenders, collector);
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
                    samples.chunksCreated(),
                    samples.histograms().seriesCount(),
                    samples.histograms().bucketCount(),
                    commits.samplesAppended(),
                    commits.histogramsAppended(),
                    commits.outOfOrderSamples(),
                    commits.duplicateSamples(),
                    seriesCount + collector.seriesRemoved(),
                    collector.seriesRemoved(),
                    times.minTimeMs(),
                    times.maxTimeMs(),
                    readers.active(),
                    appenders.counts(unknownSeries.sum()));
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
        int reader = readers.enterWithoutSamples(); // the collector must not free the labels meanwhile
        try {
            requireOpen();
            for (int record : new SeriesSelector(index, SelectionMemory.unlimited()).select(matchers)) {
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
        return Math.min(commits.last(), readers.oldestCommit());
    }

    HeadSamples samples() {
        return samples;
    }

    Readers readers() {
        return readers;
    }

    /** Whether what may be a record is there, and of a series of that name. */
    boolean isRecordOf(long record, long ref) {
        return record > 0
                && record < series.end()
                && (series.page((int) record)[series.offset((int) record) + SeriesLayout.REF] & SeriesLayout.REF_MASK)
                        == ref;
    }

    long[] seriesPage(int record) {
        return series.page(record);
    }

    int seriesOffset(int record) {
        return series.offset(record);
    }

    HeadTimes times() {
        return times;
    }

    /** Tells when a commit makes the head longer than so much. */
    public SpanAlarm spanAlarm() {
        return spanAlarm;
    }

    /** Whether the first and the last sample in order are further apart than so much, milliseconds. */
    public boolean isLongerThan(long spanMs) {
        return times.isLongerThan(spanMs);
    }

    HeadCommits commits() {
        return commits;
    }

    OpenAppenders appenders() {
        return appenders;
    }

    /** Samples before this are dropped. */
    public long mintMs() {
        return times.mintMs();
    }

    public long minTimeMs() {
        return times.minTimeMs();
    }

    public long maxTimeMs() {
        return times.maxTimeMs();
    }
}
