// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import dev.narthex.exposition.ExpositionEntry;
import dev.narthex.exposition.ExpositionException;
import dev.narthex.exposition.TextParser;
import dev.narthex.model.Labels;
import dev.narthex.model.MetricType;
import dev.narthex.model.StalenessMarker;
import dev.narthex.storage.AppendResult;
import dev.narthex.storage.Appender;
import dev.narthex.storage.SeriesLimitException;
import java.util.Arrays;

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

    private static final int LIVE_BITS = SeriesTexts.LIVE_A | SeriesTexts.LIVE_B;
    private static final int CACHE_SLACK = 1000;
    private static final long[] NO_REFS = new long[0];

    private SeriesTexts texts = new SeriesTexts();
    private int lastLive = SeriesTexts.LIVE_A;
    private int completeCount;
    /** Series of the last scrape that are no longer in {@link #texts}, since other labels are to be given. */
    private long[] orphans = NO_REFS;

    private SeriesLabeler labeler;
    private boolean honorTimestamps;
    private int sampleLimit;

    // Of the current scrape.
    private int live;
    private int lost;
    private long timeMs;
    private long ref;
    private int state;

    SampleIngester(SeriesLabeler labeler, boolean honorTimestamps, int sampleLimit) {
        this.labeler = labeler;
        this.honorTimestamps = honorTimestamps;
        this.sampleLimit = sampleLimit;
    }

    /** Goes by other rules from the next scrape on; series that these rules do not give any more become stale. */
    void configure(SeriesLabeler newLabeler, boolean newHonorTimestamps, int newSampleLimit) {
        honorTimestamps = newHonorTimestamps;
        sampleLimit = newSampleLimit;
        if (!newLabeler.isSameAs(labeler)) {
            orphans = liveRefs();
            texts = new SeriesTexts();
        }
        labeler = newLabeler;
    }

    /** Series in the cache. */
    int seriesCount() {
        return texts.count();
    }

    /** Bytes of memory that the cache takes. */
    long sizeBytes() {
        return texts.sizeBytes();
    }

    /**
     * Appends the samples of an exposition, and staleness markers for series that are not in it any more.
     *
     * @param body the exposition, from 0 to {@code size}
     * @param scrapeTimeMs the timestamp of samples that have none of their own
     * @throws ExpositionException when it is not an exposition
     * @throws ScrapeException when a series cannot be stored, or there are too many. After either, the transaction must
     *     be rolled back and {@link #markStale} be called; the counts say how far it got
     */
    void ingest(ScrapeWorkspace work, byte[] body, int size, Appender appender, long scrapeTimeMs) {
        live = lastLive ^ LIVE_BITS;
        lost = 0;
        timeMs = scrapeTimeMs;
        work.counts.clear();
        boolean rebuilding = false;
        try {
            TextParser parser = work.parser;
            parser.reset(body, 0, size);
            int cursor = 0;
            boolean matched = false;
            while (true) {
                int from = parser.position();
                if (cursor < texts.count()
                        && parser.nextIs(
                                texts.text(), texts.start(cursor), texts.seriesStart(cursor), texts.end(cursor))) {
                    if (rebuilding) {
                        place(work, cursor, body, from, appender);
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
                while (entry == ExpositionEntry.TYPE || entry == ExpositionEntry.HELP) {
                    entry = parser.next();
                }
                boolean end = entry == ExpositionEntry.END;
                if (!rebuilding && !(end && cursor == texts.count())) {
                    startRebuilding(work, cursor);
                    rebuilding = true;
                }
                if (end) {
                    break;
                }
                int known = work.index.findBefore(body, parser.seriesStart(), parser.seriesEnd());
                if (known == SeriesIndex.NONE) {
                    added(work, body, from, appender);
                } else {
                    place(work, known, body, from, appender);
                    cursor = known + 1;
                }
            }
            if (work.counts.limitExceeded) {
                throw new ScrapeException("sample limit exceeded");
            }
            complete(work, rebuilding, appender);
        } catch (ExpositionException | ScrapeException e) {
            if (rebuilding) {
                keepAfterFailure(work);
            }
            throw e;
        } catch (SeriesLimitException e) {
            if (rebuilding) {
                keepAfterFailure(work);
            }
            throw new ScrapeException(String.valueOf(e.getMessage()));
        }
    }

    /** A line in its old place, all lines before it too. */
    private void inPlace(ScrapeWorkspace work, int index, Appender appender) {
        work.counts.scraped++;
        ref = texts.ref(index);
        if (ref == SeriesTexts.DROPPED) {
            return;
        }
        int before = texts.state(index);
        state = before;
        boolean repeated = (before & SeriesTexts.REPEATED) != 0;
        if (ref == SeriesTexts.UNRESOLVED || append(work, appender, repeated) == AppendResult.UNKNOWN_SERIES) {
            appendAnew(work, texts.text(), texts.seriesStart(index), texts.end(index), texts.type(index), appender);
            texts.setRef(index, ref);
        }
        if (state != before) {
            texts.setState(index, state);
        }
    }

    /** A line of the scrape before that is not in its old place, or follows such a one. */
    private void place(ScrapeWorkspace work, int found, byte[] body, int from, Appender appender) {
        int start = work.parser.seriesStart();
        int end = work.parser.seriesEnd();
        int index = found;
        if ((texts.state(index) & SeriesTexts.REPEATED) != 0) {
            index = work.index.findBefore(body, start, end);
        }
        work.counts.scraped++;
        boolean repeated = work.visited[index];
        ref = texts.ref(index);
        state = texts.state(index) & ~SeriesTexts.REPEATED;
        if (ref == SeriesTexts.UNRESOLVED
                || (ref != SeriesTexts.DROPPED && append(work, appender, repeated) == AppendResult.UNKNOWN_SERIES)) {
            appendAnew(work, body, start, end, texts.type(index), appender);
        }
        if (repeated) {
            state = (state & ~LIVE_BITS) | SeriesTexts.REPEATED;
        } else {
            work.visited[index] = true;
            texts.setState(index, state);
            texts.setRef(index, ref);
        }
        work.made.add(body, from, start, end, ref, state);
    }

    /** A line that was not in the scrape before. */
    private void added(ScrapeWorkspace work, byte[] body, int from, Appender appender) {
        TextParser parser = work.parser;
        work.counts.scraped++;
        int start = parser.seriesStart();
        int end = parser.seriesEnd();
        int earlier = work.index.findAdded(body, start, end);
        state = SeriesTexts.typeState(parser.type());
        ref = SeriesTexts.UNRESOLVED;
        if (earlier == SeriesIndex.NONE) {
            resolve(work, body, start, end, parser.type(), appender);
        } else {
            ref = work.made.ref(earlier);
        }
        boolean repeated = earlier != SeriesIndex.NONE;
        if (ref != SeriesTexts.DROPPED) {
            append(work, appender, repeated);
        }
        if (repeated) {
            state = (state & ~LIVE_BITS) | SeriesTexts.REPEATED;
        }
        work.made.add(body, from, start, end, ref, state);
        if (!repeated) {
            work.index.add(work.made.count() - 1);
        }
    }

    /** Gives the labels of a series to the storage, once more perhaps, and appends its sample. */
    private void appendAnew(ScrapeWorkspace work, byte[] bytes, int from, int to, MetricType type, Appender appender) {
        resolve(work, bytes, from, to, type, appender);
        if (ref != SeriesTexts.DROPPED) {
            append(work, appender, false);
        }
    }

    /** Sets the reference of a series; it stays open where the limit lets no more samples in anyway. */
    private void resolve(ScrapeWorkspace work, byte[] bytes, int from, int to, MetricType type, Appender appender) {
        work.decoder.decode(bytes, from, to, type);
        Labels labels = labeler.label(work.decoder);
        if (labels == null) {
            ref = SeriesTexts.DROPPED;
        } else if (isLimitReached(work.counts)) {
            ref = SeriesTexts.UNRESOLVED;
        } else {
            ref = appender.series(labels);
        }
    }

    private boolean isLimitReached(ScrapeCounts counts) {
        return sampleLimit > 0 && counts.attempted >= sampleLimit;
    }

    /**
     * Appends the parser's sample to the current series, counts it and notes whether the series is live. A reference
     * that is out of date leaves no trace.
     */
    private AppendResult append(ScrapeWorkspace work, Appender appender, boolean repeated) {
        ScrapeCounts counts = work.counts;
        boolean explicit = honorTimestamps && work.parser.hasTimestamp();
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
            result = explicit && sampleTimeMs > timeMs + MAX_AHEAD_MS
                    ? AppendResult.OUT_OF_BOUNDS
                    : appender.append(ref, sampleTimeMs, work.parser.value());
            if (result == AppendResult.UNKNOWN_SERIES) {
                return result;
            }
            counts.attempted++;
            count(result, counts);
        }
        counts.afterRelabelling++;
        note(result, explicit, counts);
        return result;
    }

    private static void count(AppendResult result, ScrapeCounts counts) {
        switch (result) {
            case ACCEPTED, UNKNOWN_SERIES -> {}
            case OUT_OF_ORDER -> counts.outOfOrder++;
            case DUPLICATE -> counts.duplicate++;
            case OUT_OF_BOUNDS, TOO_OLD -> counts.outOfBounds++;
            case INVALID_HISTOGRAM,
                    HISTOGRAMS_UNSUPPORTED,
                    START_TIMESTAMP_AFTER_SAMPLE,
                    DUPLICATE_EXEMPLAR,
                    OUT_OF_ORDER_EXEMPLAR,
                    EXEMPLAR_TOO_LONG,
                    EXEMPLARS_DISABLED -> throw new IllegalStateException("a float sample was answered " + result);
        }
    }

    private void note(AppendResult result, boolean explicit, ScrapeCounts counts) {
        boolean stored = result == AppendResult.ACCEPTED;
        if (stored && (state & SeriesTexts.KNOWN) == 0) {
            counts.seriesAdded++;
            state |= SeriesTexts.KNOWN;
        }
        if (stored && !explicit) {
            state |= live;
        } else {
            state &= ~live;
            lost += (state & LIVE_BITS) != 0 ? 1 : 0;
        }
    }

    private void startRebuilding(ScrapeWorkspace work, int inPlace) {
        if (work.visited.length < texts.count()) {
            work.visited = new boolean[texts.count()];
        }
        Arrays.fill(work.visited, 0, inPlace, true);
        Arrays.fill(work.visited, inPlace, texts.count(), false);
        work.made.clear();
        work.made.addFirst(texts, inPlace);
        work.index.build(texts, work.made);
    }

    /** After the last line: staleness markers for what has gone, and the lines to compare with next time. */
    private void complete(ScrapeWorkspace work, boolean rebuilt, Appender appender) {
        if (rebuilt || lost > 0 || orphans.length > 0) {
            SeriesTexts current = rebuilt ? work.made : texts;
            long[] gone = goneRefs(work, rebuilt);
            if (gone.length > 0) {
                keepLive(current, gone);
                appendMarkers(appender, gone, timeMs);
            }
            if (rebuilt) {
                texts = work.made.trimmedCopy();
            }
            orphans = NO_REFS;
        }
        completeCount = texts.count();
        lastLive = live;
    }

    /** References, sorted and each once, of the series that were live in the scrape before and whose old entry is not live now. */
    private long[] goneRefs(ScrapeWorkspace work, boolean rebuilt) {
        long[] gone = Arrays.copyOf(orphans, orphans.length + texts.count());
        int count = orphans.length;
        for (int i = 0; i < texts.count(); i++) {
            int entry = texts.state(i);
            boolean liveNow = (!rebuilt || work.visited[i]) && (entry & live) != 0;
            if ((entry & lastLive) != 0 && !liveNow) {
                gone[count++] = texts.ref(i);
            }
        }
        return Arrays.stream(gone, 0, count).sorted().distinct().toArray();
    }

    /** Strikes out, with zero, the references that another entry keeps alive. */
    private void keepLive(SeriesTexts current, long[] gone) {
        boolean[] kept = new boolean[gone.length];
        for (int i = 0; i < current.count(); i++) {
            int at = (current.state(i) & live) != 0 ? Arrays.binarySearch(gone, current.ref(i)) : -1;
            if (at >= 0) {
                kept[at] = true;
            }
        }
        for (int i = 0; i < gone.length; i++) {
            gone[i] = kept[i] ? 0 : gone[i];
        }
    }

    /**
     * Appends a staleness marker for every series of the last good scrape: the target could not be scraped, or is scraped
     * no more. Prometheus 3.5 leaves out those that stand above the fault of a broken exposition, against what its
     * documentation says ("Staleness"); here they become stale too.
     */
    void markStale(Appender appender, long markerTimeMs) {
        appendMarkers(appender, liveRefs(), markerTimeMs);
        for (int i = 0; i < texts.count(); i++) {
            texts.setState(i, texts.state(i) & ~LIVE_BITS);
        }
        orphans = NO_REFS;
    }

    private static void appendMarkers(Appender appender, long[] refs, long markerTimeMs) {
        for (long gone : refs) {
            if (gone > 0) {
                appender.append(gone, markerTimeMs, StalenessMarker.VALUE);
            }
        }
    }

    private long[] liveRefs() {
        long[] refs = Arrays.copyOf(orphans, orphans.length + texts.count());
        int count = orphans.length;
        for (int i = 0; i < texts.count(); i++) {
            if ((texts.state(i) & lastLive) != 0) {
                refs[count++] = texts.ref(i);
            }
        }
        return Arrays.copyOf(refs, count);
    }

    /**
     * Keeps the new series of a failed scrape too, as a target that fails often may say the same each time; but not
     * without end, in case it says something else each time.
     */
    private void keepAfterFailure(ScrapeWorkspace work) {
        if (work.made.count() > 2 * completeCount + CACHE_SLACK) {
            return;
        }
        for (int i = 0; i < texts.count(); i++) {
            if (!work.visited[i]) {
                work.made.addFrom(texts, i, texts.seriesStart(i));
            }
        }
        texts = work.made.trimmedCopy();
    }
}
