// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import dev.narthex.exposition.ExpositionEntry;
import dev.narthex.exposition.ExpositionException;
import dev.narthex.exposition.ExpositionFormat;
import dev.narthex.exposition.ExpositionParser;
import dev.narthex.model.Exemplar;
import dev.narthex.model.Labels;
import dev.narthex.model.Metadata;
import dev.narthex.model.MetricType;
import dev.narthex.model.NativeHistogram;
import dev.narthex.storage.AppendResult;
import dev.narthex.storage.Appender;
import dev.narthex.storage.SeriesLimitException;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Turns expositions of one target into samples, scrape after scrape, and remembers what it needs for the next one: the
 * scrape cache.
 *
 * <p>A target says nearly the same each time, so each line is first compared with the line that stood in its place, from
 * the end of the line before to the value. While they are the same, nothing is parsed but numbers, and nothing is
 * looked up or allocated. At the first difference the rest of the scrape goes by a hash of the series text; lines that
 * follow a known one are again compared first. The next scrape compares with the lines as they stand now.
 *
 * <p>Series that were there in the scrape before and are not in this one get a staleness marker. Series are told apart by
 * their reference in the storage: the same labels in another order are the same series. For one thread at a time.
 */
final class SampleIngester {
    /** Samples further in the future are refused. */
    static final long MAX_AHEAD_MS = 10 * 60 * 1000;

    private static final int LIVE_BITS = SeriesColumns.LIVE_A | SeriesColumns.LIVE_B;
    private static final int CACHE_SLACK = 1000;
    private static final long[] NO_KEYS = new long[0];

    private SeriesCache texts = SeriesCache.empty();
    private int lastLive = SeriesColumns.LIVE_A;
    private int completeCount;
    /** Keys of series of the last scrape that are no longer in {@link #texts}, since other labels are to be given. */
    private long[] orphans = NO_KEYS;
    /** Keys of series of a failed scrape above its fault that {@link #texts} does not have, until they are orphans. */
    private long[] unkept = NO_KEYS;

    private SeriesLabeler labeler;
    private IngestRules rules;
    private final FamilyMemory families = new FamilyMemory();

    // Of the current scrape.
    private int live;
    private int lost;
    private long timeMs;
    private long ref;
    private int state;
    private @Nullable LastExemplar exemplar;
    /** Why the series just resolved cannot be stored. */
    private @Nullable ScrapeException refusal;

    SampleIngester(SeriesLabeler labeler, IngestRules rules) {
        this.labeler = labeler;
        this.rules = rules;
    }

    /** Goes by other rules from the next scrape on; series that these rules do not give any more become stale. */
    void configure(SeriesLabeler newLabeler, IngestRules newRules) {
        rules = newRules;
        if (!newLabeler.isSameAs(labeler)) {
            orphans = liveKeys();
            texts = SeriesCache.empty();
        }
        labeler = newLabeler;
    }

    /** Series in the cache. */
    int seriesCount() {
        return texts.count();
    }

    /** What the target has said of its metric families, by name. Safe for use by any thread. */
    Map<String, Metadata> metadata() {
        return families.metadata();
    }

    /** How much {@link #metadata} is. Safe for use by any thread. */
    MetadataSize metadataSize() {
        return families.size();
    }

    /** Bytes of memory that the cache takes. */
    long sizeBytes() {
        return texts.sizeBytes();
    }

    /**
     * Appends the samples of an exposition, and staleness markers for series that are not in it any more.
     *
     * @param format what the exposition is written in
     * @param body the exposition, from 0 to {@code size}
     * @param scrapeTimeMs the timestamp of samples that have none of their own
     * @throws ExpositionException when it is not an exposition
     * @throws ScrapeException when a series cannot be stored, or there are too many. After either, the transaction must
     *     be rolled back and {@link #markFailed} be called; the counts say how far it got
     */
    void ingest(
            ScrapeWorkspace work,
            ExpositionFormat format,
            byte[] body,
            int size,
            Appender appender,
            long scrapeTimeMs) {
        live = lastLive ^ LIVE_BITS;
        lost = 0;
        timeMs = scrapeTimeMs;
        families.nextScrape();
        work.counts.clear();
        if (size == 0) {
            // Whatever its format; which series there were is not forgotten, as in Prometheus.
            markStale(appender, scrapeTimeMs);
            return;
        }
        boolean rebuilding = false;
        int cursor = 0;
        ExpositionParser parser = work.parserOf(format, rules);
        try {
            parser.reset(body, 0, size);
            TextCursor line = work.line;
            line.begin(texts);
            boolean matched = false;
            while (true) {
                if (cursor < texts.count() && (rebuilding ? isNext(work, cursor) : isNext(parser, line))) {
                    if (rules.startTimestamps()) {
                        parser.assumeType(texts.type(cursor));
                    }
                    if (!rebuilding && isOpenRepeat(texts.state(cursor))) {
                        startRebuilding(work, format, cursor);
                        rebuilding = true;
                    }
                    if (rebuilding) {
                        place(work, cursor, appender);
                    } else {
                        inPlace(work, cursor, appender);
                    }
                    cursor++;
                    matched = true;
                    continue;
                }
                if (matched) {
                    parser.assumeType(texts.type(cursor - 1));
                    matched = false;
                }
                ExpositionEntry entry = parser.next();
                while (entry != ExpositionEntry.SERIES && entry != ExpositionEntry.END) {
                    entry = parser.next();
                }
                boolean end = entry == ExpositionEntry.END;
                if (!rebuilding && !(end && cursor == texts.count() && isOldEnd(format, parser))) {
                    startRebuilding(work, format, cursor);
                    rebuilding = true;
                }
                if (end) {
                    break;
                }
                int known = work.index.findBefore(parser.text(), parser.seriesStart(), parser.seriesEnd());
                if (known == SeriesIndex.NONE) {
                    added(work, appender);
                } else {
                    place(work, known, appender);
                    cursor = known + 1;
                }
            }
            if (work.counts.limitExceeded) {
                throw new ScrapeException("sample limit exceeded");
            }
            if (work.counts.bucketLimitExceeded) {
                throw new BucketLimitException();
            }
            complete(work, rebuilding, appender);
        } catch (ExpositionException e) {
            refused(work, format, rebuilding, cursor, into -> parser.readComments(work.metadataReader, into));
            throw e;
        } catch (ScrapeException e) {
            refused(work, format, rebuilding, cursor, into -> readLead(work, format, into));
            throw e;
        } catch (SeriesLimitException e) {
            refused(work, format, rebuilding, cursor, into -> readLead(work, format, into));
            throw new ScrapeException(String.valueOf(e.getMessage()));
        }
    }

    /** Whether a line repeats one further up that may have had no sample yet, so that it is one of its own. */
    private static boolean isOpenRepeat(int state) {
        return (state & (SeriesColumns.REPEATED | SeriesColumns.KNOWN)) == SeriesColumns.REPEATED;
    }

    /**
     * @param inPlace how many lines of the scrape before came before the fault, and no others unless {@code rebuilding}
     * @param fault reads the comments behind these lines
     */
    private void refused(
            ScrapeWorkspace work,
            ExpositionFormat format,
            boolean rebuilding,
            int inPlace,
            Consumer<Map<String, Metadata>> fault) {
        if (rebuilding) {
            families.refused(work.made, format, fault);
        } else {
            families.refused(texts, inPlace, fault);
        }
        keepAfterFailure(work, rebuilding, inPlace);
    }

    /** Whether the next line is the next one of the scrape before. */
    private static boolean isNext(ExpositionParser parser, TextCursor line) {
        line.next();
        return parser.nextIs(line.bytes(), line.start(), line.seriesStart(), line.end());
    }

    /** Whether the next line is one of the scrape before. */
    private static boolean isNext(ScrapeWorkspace work, int index) {
        SeriesTexts before = work.before;
        return work.parser.nextIs(before.text(), before.start(index), before.seriesStart(index), before.end(index));
    }

    private boolean isOldEnd(ExpositionFormat format, ExpositionParser parser) {
        return texts.endIs(format, parser.text(), parser.leadStart(), parser.seriesEnd());
    }

    /** A line in its old place, all lines before it too. */
    private void inPlace(ScrapeWorkspace work, int index, Appender appender) {
        work.counts.scraped++;
        ref = texts.ref(index);
        if (ref == SeriesColumns.DROPPED) {
            return;
        }
        int before = texts.state(index);
        state = before;
        exemplar = texts.exemplar(index);
        boolean repeated = (before & SeriesColumns.REPEATED) != 0;
        if (ref == SeriesColumns.UNRESOLVED || append(work, appender, repeated) == AppendResult.UNKNOWN_SERIES) {
            TextCursor line = work.line;
            appendAnew(work, line.bytes(), line.seriesStart(), line.end(), texts.type(index), appender);
            texts.setRef(index, ref);
        }
        if (state != before) {
            texts.setState(index, state);
        }
        if (exemplar != null) {
            texts.setExemplar(index, exemplar);
        }
    }

    /** A line of the scrape before that is not in its old place, or follows such a one. */
    private void place(ScrapeWorkspace work, int found, Appender appender) {
        ExpositionParser parser = work.parser;
        byte[] text = parser.text();
        int start = parser.seriesStart();
        int end = parser.seriesEnd();
        int index = found;
        if ((texts.state(index) & SeriesColumns.REPEATED) != 0) {
            index = work.index.findBefore(text, start, end);
        }
        readLead(work);
        work.counts.scraped++;
        int earlier = work.placed[index] - 1;
        boolean repeated = earlier >= 0 && isSettled(texts, index);
        ref = texts.ref(index);
        state = texts.state(index) & ~SeriesColumns.REPEATED;
        exemplar = texts.exemplar(index);
        if (ref == SeriesColumns.UNRESOLVED
                || (ref != SeriesColumns.DROPPED && append(work, appender, repeated) == AppendResult.UNKNOWN_SERIES)) {
            appendAnew(work, text, start, end, texts.type(index), appender);
        } else if (rules.metadata() && ref != SeriesColumns.DROPPED) {
            work.decoder.decode(text, start, end, texts.type(index));
            noteMetadata(work, appender);
        }
        if (!repeated) {
            texts.setState(index, state);
            texts.setRef(index, ref);
            texts.setExemplar(index, exemplar);
        }
        if (earlier < 0) {
            work.placed[index] = work.made.count() + 1;
        } else {
            settle(work.made, earlier, repeated);
        }
        addMade(work, start, end);
    }

    /** A line repeats another: what came of it is noted there, where that one had no sample yet. */
    private void settle(SeriesTexts made, int earlier, boolean repeated) {
        if (!repeated) {
            made.setState(earlier, state);
            made.setRef(earlier, ref);
        }
        state = (state & ~LIVE_BITS) | SeriesColumns.REPEATED;
    }

    private void addMade(ScrapeWorkspace work, int start, int end) {
        work.made.add(work.parser.text(), work.parser.leadStart(), start, end, ref, state);
        work.made.setExemplar(work.made.count() - 1, exemplar);
    }

    /** A line that was not in the scrape before. */
    private void added(ScrapeWorkspace work, Appender appender) {
        ExpositionParser parser = work.parser;
        work.counts.scraped++;
        int start = parser.seriesStart();
        int end = parser.seriesEnd();
        int earlier = work.index.findAdded(parser.text(), start, end);
        // Of which no sample was taken, that does not count: a target may give an old sample first.
        boolean repeated = earlier != SeriesIndex.NONE && isSettled(work.made, earlier);
        state = SeriesColumns.typeState(parser.type()) | (repeated ? SeriesColumns.KNOWN : 0);
        ref = SeriesColumns.UNRESOLVED;
        exemplar = null;
        readLead(work);
        if (earlier == SeriesIndex.NONE || work.made.ref(earlier) == SeriesColumns.UNRESOLVED) {
            resolve(work, parser.text(), start, end, parser.type(), appender);
        } else {
            ref = work.made.ref(earlier);
        }
        if (ref != SeriesColumns.DROPPED) {
            appendOrRefuse(work, appender, repeated);
        }
        if (earlier == SeriesIndex.NONE) {
            addMade(work, start, end);
            work.index.add(work.made.count() - 1);
            return;
        }
        settle(work.made, earlier, repeated);
        addMade(work, start, end);
    }

    private static boolean isSettled(SeriesColumns entries, int index) {
        return entries.ref(index) == SeriesColumns.DROPPED || (entries.state(index) & SeriesColumns.KNOWN) != 0;
    }

    /** Appends to a series just resolved; one that cannot be stored makes the scrape fail unless its sample is too old. */
    private void appendOrRefuse(ScrapeWorkspace work, Appender appender, boolean repeated) {
        ScrapeException reason = refusal;
        refusal = null;
        AppendResult result = append(work, appender, repeated);
        if (result == AppendResult.UNKNOWN_SERIES && reason != null) {
            throw reason;
        }
    }

    /** Gives the labels of a series to the storage, once more perhaps, and appends its sample. */
    private void appendAnew(ScrapeWorkspace work, byte[] bytes, int from, int to, MetricType type, Appender appender) {
        resolve(work, bytes, from, to, type, appender);
        if (ref != SeriesColumns.DROPPED) {
            appendOrRefuse(work, appender, false);
        }
    }

    /**
     * Sets the reference of a series; it stays open where the limit lets no more samples in anyway, and where a label is
     * there twice: with a sample that is too old, that is no reason to refuse the exposition.
     */
    private void resolve(ScrapeWorkspace work, byte[] bytes, int from, int to, MetricType type, Appender appender) {
        work.decoder.decode(bytes, from, to, type);
        refusal = null;
        Labels labels;
        try {
            labels = labeler.label(work.decoder);
        } catch (RepeatedLabelException e) {
            refusal = e;
            ref = SeriesColumns.UNRESOLVED;
            return;
        }
        if (labels == null) {
            ref = SeriesColumns.DROPPED;
        } else if (isLimitReached(work.counts)) {
            ref = SeriesColumns.UNRESOLVED;
        } else {
            ref = appender.series(labels, takenTimeMs(work.parser));
            if (rules.metadata()) {
                noteMetadata(work, appender);
            }
        }
    }

    private void readLead(ScrapeWorkspace work) {
        if (rules.metadata()) {
            readLead(work, work.format, work.families);
        }
    }

    private static void readLead(ScrapeWorkspace work, ExpositionFormat format, Map<String, Metadata> into) {
        ExpositionParser parser = work.parser;
        if (parser.leadStart() < parser.seriesStart()) {
            work.metadataReader.read(format, parser.text(), parser.leadStart(), parser.seriesStart(), into);
        }
    }

    /** Tells the storage what the exposition says of the metric of the series just decoded, as exposed. */
    private void noteMetadata(ScrapeWorkspace work, Appender appender) {
        Metadata known = MetricFamilies.metadata(work.families, work.decoder.value(0));
        if (known != null) {
            appender.metadata(ref, known);
        }
    }

    private boolean isTooFar(long sampleTimeMs) {
        return sampleTimeMs > timeMs + MAX_AHEAD_MS;
    }

    /** The time of the parser's sample; the first of all times, of which nothing is taken, where it is too far ahead. */
    private long takenTimeMs(ExpositionParser parser) {
        boolean explicit = rules.honorTimestamps() && parser.hasTimestamp();
        long sampleTimeMs = explicit ? parser.timestampMs() : timeMs;
        return explicit && isTooFar(sampleTimeMs) ? Long.MIN_VALUE : sampleTimeMs;
    }

    private boolean isLimitReached(ScrapeCounts counts) {
        return rules.sampleLimit() > 0 && counts.attempted >= rules.sampleLimit();
    }

    /**
     * Appends the parser's sample to the current series, counts it and notes whether the series is live. A reference
     * that is out of date leaves no trace.
     */
    private AppendResult append(ScrapeWorkspace work, Appender appender, boolean repeated) {
        ScrapeCounts counts = work.counts;
        boolean explicit = rules.honorTimestamps() && work.parser.hasTimestamp();
        if (repeated && !explicit) {
            counts.afterRelabelling++;
            counts.duplicate++;
            return AppendResult.DUPLICATE;
        }
        AppendResult result;
        if (isLimitReached(counts)) {
            counts.limitExceeded = true;
            result = AppendResult.OUT_OF_BOUNDS;
        } else {
            long sampleTimeMs = explicit ? work.parser.timestampMs() : timeMs;
            AppendResult stored = explicit && isTooFar(sampleTimeMs)
                    ? AppendResult.OUT_OF_BOUNDS
                    : store(work.parser, appender, sampleTimeMs);
            if (stored == AppendResult.UNKNOWN_SERIES) {
                return stored;
            }
            if (stored == null) {
                // As with too many samples, the rest is read all the same, so that the counts tell of all.
                counts.bucketLimitExceeded = true;
                result = AppendResult.OUT_OF_BOUNDS;
            } else {
                result = stored;
                counts.attempted++;
                count(result, counts);
            }
            if (result == AppendResult.ACCEPTED && work.parser.exemplarCount() > 0) {
                storeExemplars(work.parser, appender, sampleTimeMs, counts);
            }
        }
        counts.afterRelabelling++;
        note(result, explicit, counts);
        return result;
    }

    /** Appends the parser's sample; null where it is a histogram of more buckets than are allowed. */
    private @Nullable AppendResult store(ExpositionParser parser, Appender appender, long sampleTimeMs) {
        NativeHistogram histogram = parser.histogram();
        if (rules.startTimestamps()) {
            long startMs = parser.startTimestampMs();
            if (startMs != 0) {
                appender.startTimestamp(ref, sampleTimeMs, startMs, histogram != null);
            }
        }
        if (histogram == null) {
            state &= ~SeriesColumns.NATIVE;
            return appender.append(ref, sampleTimeMs, parser.value());
        }
        state |= SeriesColumns.NATIVE;
        NativeHistogram limited = HistogramResolution.limited(histogram, rules.bucketLimit(), rules.minBucketFactor());
        return limited == null ? null : appender.append(ref, sampleTimeMs, limited);
    }

    /** A single exemplar that is shown again is handed over again as it was, since the storage may have dropped it. */
    private void storeExemplars(ExpositionParser parser, Appender appender, long sampleTimeMs, ScrapeCounts counts) {
        int count = parser.exemplarCount();
        for (int i = 0; i < count; i++) {
            Exemplar shownNow;
            if (count == 1) {
                long fingerprint = parser.exemplarFingerprint(i);
                LastExemplar last = exemplar;
                if (last == null || last.fingerprint() != fingerprint) {
                    last = new LastExemplar(fingerprint, parser.exemplar(i, sampleTimeMs));
                    exemplar = last;
                }
                shownNow = last.exemplar();
            } else {
                shownNow = parser.exemplar(i, sampleTimeMs);
            }
            if (appender.append(ref, shownNow) == AppendResult.OUT_OF_ORDER_EXEMPLAR) {
                counts.exemplarsOutOfOrder++;
            }
        }
    }

    private static void count(AppendResult result, ScrapeCounts counts) {
        switch (result) {
            case ACCEPTED, UNKNOWN_SERIES, HISTOGRAMS_UNSUPPORTED -> {}
            case OUT_OF_ORDER -> counts.outOfOrder++;
            case DUPLICATE -> counts.duplicate++;
            case OUT_OF_BOUNDS, TOO_OLD -> counts.outOfBounds++;
            case INVALID_HISTOGRAM -> throw new ScrapeException(result.text());
            case START_TIMESTAMP_AFTER_SAMPLE,
                    DUPLICATE_EXEMPLAR,
                    OUT_OF_ORDER_EXEMPLAR,
                    EXEMPLAR_TOO_LONG,
                    EXEMPLARS_DISABLED -> throw new IllegalStateException("a sample was answered " + result);
        }
    }

    private void note(AppendResult result, boolean explicit, ScrapeCounts counts) {
        boolean stored = result == AppendResult.ACCEPTED;
        if (stored && (state & SeriesColumns.KNOWN) == 0) {
            counts.seriesAdded++;
            state |= SeriesColumns.KNOWN;
        }
        if (stored && (!explicit || rules.trackTimestampsStaleness())) {
            state |= live;
        } else {
            state &= ~live;
            lost += (state & LIVE_BITS) != 0 ? 1 : 0;
        }
    }

    private void startRebuilding(ScrapeWorkspace work, ExpositionFormat format, int inPlace) {
        work.format = format;
        work.families.clear();
        if (rules.metadata()) {
            FamilyMemory.readLeads(texts, inPlace, work.line, work.metadataReader, work.families);
        }
        if (work.placed.length < texts.count()) {
            work.placed = new int[texts.count()];
        }
        Arrays.setAll(work.placed, i -> i < inPlace ? i + 1 : 0);
        work.before.clear();
        texts.unpack(work.line, work.before);
        work.made.clear();
        for (int i = 0; i < inPlace; i++) {
            keep(work, i, work.before.start(i));
        }
        work.index.build(work.before, work.made);
    }

    /** Takes an entry of the scrape before over, with its text from an offset on. */
    private void keep(ScrapeWorkspace work, int index, int from) {
        SeriesTexts before = work.before;
        work.made.add(
                before.text(),
                from,
                before.seriesStart(index),
                before.end(index),
                texts.ref(index),
                texts.state(index));
        work.made.setExemplar(work.made.count() - 1, texts.exemplar(index));
    }

    /** After the last line: staleness markers for what has gone, and the lines to compare with next time. */
    private void complete(ScrapeWorkspace work, boolean rebuilt, Appender appender) {
        if (rebuilt || lost > 0 || orphans.length > 0) {
            SeriesColumns current = rebuilt ? work.made : texts;
            long[] gone = goneKeys(work, rebuilt);
            if (gone.length > 0) {
                StaleSeries.keepLive(gone, current, live);
                StaleSeries.mark(appender, gone, timeMs);
            }
            if (rebuilt) {
                ExpositionParser parser = work.parser;
                work.made.end(work.format, parser.text(), parser.leadStart(), parser.seriesEnd());
                texts = SeriesCache.of(work.made);
            }
            orphans = NO_KEYS;
        }
        families.accepted(texts);
        completeCount = texts.count();
        lastLive = live;
    }

    /** Keys, sorted and each once, of the series that were live in the scrape before and whose old entry is not live now. */
    private long[] goneKeys(ScrapeWorkspace work, boolean rebuilt) {
        long[] gone = Arrays.copyOf(orphans, orphans.length + texts.count());
        int count = orphans.length;
        for (int i = 0; i < texts.count(); i++) {
            int entry = texts.state(i);
            boolean liveNow = (!rebuilt || work.placed[i] > 0) && (entry & live) != 0;
            if ((entry & lastLive) != 0 && !liveNow) {
                gone[count++] = StaleSeries.key(texts.ref(i), entry);
            }
        }
        return Arrays.stream(gone, 0, count).sorted().distinct().toArray();
    }

    /**
     * Appends a staleness marker for every series of the last scrape: the target could not be asked, or is scraped no more.
     */
    void markStale(Appender appender, long markerTimeMs) {
        if (markerTimeMs != timeMs) {
            // Nothing came that could be ingested; that is a scrape too.
            families.nextScrape();
        }
        StaleSeries.mark(appender, liveKeys(), markerTimeMs);
        for (int i = 0; i < texts.count(); i++) {
            texts.setState(i, texts.state(i) & ~LIVE_BITS);
        }
        orphans = NO_KEYS;
    }

    /**
     * Appends a staleness marker for every series of the scrape before that the exposition which has just failed did not
     * get to. Those above its fault, though nothing of it is stored, live on, and get their marker when they are not in
     * the next one, as in Prometheus, whose documentation does not tell of them.
     */
    void markFailed(Appender appender, long markerTimeMs) {
        if (live == lastLive) {
            // All of it was read; what failed came behind it.
            markStale(appender, markerTimeMs);
            return;
        }
        long[] gone = distinct(liveKeys());
        StaleSeries.keepLive(gone, texts, live);
        StaleSeries.strikeOut(gone, unkept);
        StaleSeries.mark(appender, gone, markerTimeMs);
        for (int i = 0; i < texts.count(); i++) {
            texts.setState(i, texts.state(i) & ~lastLive);
        }
        orphans = unkept;
        unkept = NO_KEYS;
        lastLive = live;
    }

    private static long[] distinct(long[] keys) {
        return Arrays.stream(keys).sorted().distinct().toArray();
    }

    private long[] liveKeys() {
        long[] keys = keysOf(texts, lastLive);
        if (orphans.length == 0) {
            return keys;
        }
        long[] all = Arrays.copyOf(orphans, orphans.length + keys.length);
        System.arraycopy(keys, 0, all, orphans.length, keys.length);
        return all;
    }

    private static long[] keysOf(SeriesColumns entries, int live) {
        long[] keys = new long[entries.count()];
        int count = 0;
        for (int i = 0; i < keys.length; i++) {
            if ((entries.state(i) & live) != 0) {
                keys[count++] = StaleSeries.key(entries.ref(i), entries.state(i));
            }
        }
        return Arrays.copyOf(keys, count);
    }

    /**
     * Keeps the new series of a failed scrape too, as a target that fails often may say the same each time; but not
     * without end, in case it says something else each time. What it did not get to is not live.
     */
    private void keepAfterFailure(ScrapeWorkspace work, boolean rebuilding, int inPlace) {
        for (int i = 0; i < texts.count(); i++) {
            if (rebuilding ? work.placed[i] == 0 : i >= inPlace) {
                texts.setState(i, texts.state(i) & ~live);
            }
        }
        if (!rebuilding) {
            return;
        }
        if (work.made.count() > 2 * completeCount + CACHE_SLACK) {
            work.counts.cacheFlushed = true;
            unkept = keysOf(work.made, live);
            return;
        }
        for (int i = 0; i < texts.count(); i++) {
            if (work.placed[i] == 0) {
                keep(work, i, work.before.seriesStart(i));
            }
        }
        texts = SeriesCache.of(work.made);
    }
}
