// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import dev.narthex.model.Exemplar;
import dev.narthex.model.GoFloat;
import dev.narthex.model.InvalidHistogramException;
import dev.narthex.model.Labels;
import dev.narthex.model.Metadata;
import dev.narthex.model.NativeHistogram;
import dev.narthex.model.StalenessMarker;
import dev.narthex.storage.AppendResult;
import dev.narthex.storage.Appender;
import dev.narthex.tsdb.wal.RecordType;
import dev.narthex.tsdb.wal.SamplePrefix;
import dev.narthex.tsdb.wal.WalBatch;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A transaction on the head: columns of samples that are checked when they come, and written and applied by
 * {@link HeadCommits#commit}. Used again and again, since its columns are worth keeping.
 */
final class HeadAppender implements Appender {
    private static final int INITIAL = 256;
    /** Columns larger than this are not kept for the next transaction. */
    private static final int LARGEST_KEPT = 1 << 16;
    /** So many samples make a record of the log. */
    private static final int RECORD_SAMPLES = 1 << 14;
    /** The count of a series' labels takes two bytes. */
    private static final int MAX_LABELS = 0xffff;

    private final Head head;
    private final LabelBytes labels = new LabelBytes();
    private final WalBatch batch = new WalBatch();
    private long[] refs = new long[INITIAL];
    private int[] records = new int[INITIAL];
    private long[] timestampsMs = new long[INITIAL];
    private double[] values = new double[INITIAL];
    /** Start timestamps of the floats, 0 for none; empty where none are kept. */
    private long[] startsMs;

    private final SamplePrefix prefix = new SamplePrefix();
    private int count;
    private final PendingHistograms histograms = new PendingHistograms();
    private final PendingNotes notes = new PendingNotes();
    private String invalidHistogram = "";
    private final boolean withStarts;
    /** Floats of the transaction have start timestamps. */
    private boolean started;
    /** The start timestamp that was told before a sample: of which series, sample, and since when. */
    private long startRef;

    private long startSampleMs;
    private long startMs;
    /** A histogram is to have a zero before it, at its start timestamp. */
    private boolean zero;

    private long oldestMs;
    private long newestMs;
    /** Series that the log does not have yet; some may come twice. */
    private int[] unlogged = new int[16];

    private long[] unloggedRefs = new long[16];
    private int unloggedCount;
    private long minValidTimeMs;
    /** Samples from this time on are taken out of order; {@link Long#MAX_VALUE} where none is. */
    private long outOfOrderFromMs;
    /** Whether each float so far was not older than the one before. */
    private boolean ascending;

    private long round;
    /** Where the head's list of open appenders has this one. */
    private int place;

    private long number;

    /** The last duplicate, to tell of it. */
    private long duplicateTimeMs;

    private double duplicateExisting;
    private double duplicateNew;
    private boolean duplicateOfHistogram;
    private boolean duplicateIsHistogram;
    /** The samples of series are still being replayed: what comes is told in order from them when all of them are there. */
    private boolean unchecked;

    /** The record that was found last, and of which reference. */
    private int lastRecord;

    private long lastRef;
    private boolean open;
    private boolean closed;

    HeadAppender(Head head) {
        this.head = head;
        withStarts = head.options().startTimestamps();
        startsMs = new long[withStarts ? INITIAL : 0];
    }

    /**
     * Starts a transaction.
     *
     * @param minValidTime older samples are not taken in order
     * @param outOfOrderFrom older samples are not taken out of order, {@link Long#MAX_VALUE} where none is
     * @param collectorRound how often the collector has marked idle series so far
     * @param replaying whether the samples that series have are not known yet
     */
    void begin(long minValidTime, long outOfOrderFrom, long collectorRound, boolean replaying) {
        minValidTimeMs = minValidTime;
        outOfOrderFromMs = outOfOrderFrom;
        unchecked = replaying;
        ascending = true;
        round = collectorRound;
        oldestMs = Long.MAX_VALUE;
        newestMs = Long.MIN_VALUE;
        open = true;
        closed = false;
    }

    /** Older samples are not taken in order in this transaction. */
    long inOrderFromMs() {
        return minValidTimeMs;
    }

    /** Older samples are not taken out of order, {@link Long#MAX_VALUE} where none is. */
    long outOfOrderFromMs() {
        return outOfOrderFromMs;
    }

    boolean hasWindow() {
        return outOfOrderFromMs != Long.MAX_VALUE;
    }

    /** Whether the floats come in the order of their timestamps. */
    boolean isAscending() {
        return ascending;
    }

    /** What is said of a sample that is too old for order and for the window. */
    private AppendResult refused(AppendResult withoutWindow, boolean histogram) {
        return head.outOfOrder().rejections().count(hasWindow() ? AppendResult.TOO_OLD : withoutWindow, histogram);
    }

    private void tellAge(long timestampMs) {
        head.options().outOfOrderMs().accept(head.maxTimeMs() - timestampMs);
    }

    @Override
    public long series(Labels labelSet) {
        requireOpen();
        head.requireOpen();
        if (labelSet.isEmpty() || labelSet.size() > MAX_LABELS) {
            throw new IllegalArgumentException(
                    "series: a label set has between 1 and " + MAX_LABELS + " labels, found " + labelSet.size());
        }
        labels.set(labelSet);
        int reader = head.readers().enterWithoutSamples(); // a record that is freed meanwhile is not used anew
        try {
            head.requireOpen();
            while (true) {
                int record = head.index().findOrCreate(labels);
                long ref = head.index().refOf(record);
                if (ref != 0 && head.use(record, ref)) {
                    return ref;
                }
                Thread.onSpinWait(); // the collector is just removing the series; then it is made anew
            }
        } finally {
            head.readers().leave(reader);
        }
    }

    @Override
    public long series(Labels labelSet, long timestampMs) {
        requireOpen();
        return isRefused(timestampMs) ? knownSeries(labelSet) : series(labelSet);
    }

    /** Whether a sample is too old for every series. */
    private boolean isRefused(long timestampMs) {
        return timestampMs < minValidTimeMs && timestampMs < outOfOrderFromMs;
    }

    /** The reference of the series with these labels, 0 where there is none. */
    private long knownSeries(Labels labelSet) {
        labels.set(labelSet);
        int reader = head.readers().enterWithoutSamples(); // a record that is freed meanwhile is not used anew
        try {
            head.requireOpen();
            int record = head.index().find(labels, labels.hash());
            long ref = record == 0 ? 0 : head.index().refOf(record);
            return ref != 0 && head.use(record, ref) ? ref : 0;
        } finally {
            head.readers().leave(reader);
        }
    }

    @Override
    public AppendResult append(long seriesRef, long timestampMs, double value) {
        requireOpen();
        boolean late = timestampMs < minValidTimeMs;
        if (late && timestampMs < outOfOrderFromMs) {
            return refused(AppendResult.OUT_OF_BOUNDS, false);
        }
        int record = recordOf(seriesRef);
        if (record == 0) {
            return head.unknownSeries();
        }
        long[] fields = head.seriesPage(record);
        int base = head.seriesOffset(record);
        long field = fields[base + SeriesLayout.REF];
        long ref = seriesRef;
        boolean plain = (field & (SeriesLayout.IDLE | SeriesLayout.LEAVING)) == 0
                && (field & SeriesLayout.REF_MASK) == seriesRef;
        if (!plain) {
            ref = head.useAs(record, seriesRef);
            if (ref == 0) {
                return head.unknownSeries();
            }
            field = fields[base + SeriesLayout.REF];
        }
        long bits = Double.doubleToRawLongBits(value);
        if (bits == StalenessMarker.BITS && !unchecked && OpenHistograms.isHistograms(fields, base)) {
            return append(ref, timestampMs, StaleHistograms.markerFor(fields, base));
        }
        long lastT = fields[base + SeriesLayout.LAST_T];
        if (!unchecked && timestampMs < lastT) {
            late = true;
            if (timestampMs < outOfOrderFromMs) {
                tellAge(timestampMs);
                return refused(AppendResult.OUT_OF_ORDER, false);
            }
        } else if (!unchecked && timestampMs == lastT) {
            if (HeadSamples.isLast(fields, base, bits)) {
                return AppendResult.ACCEPTED;
            }
            duplicateTimeMs = timestampMs;
            duplicateOfHistogram = OpenHistograms.isHistograms(fields, base);
            duplicateExisting = Double.longBitsToDouble(fields[base + SeriesLayout.LAST_V]);
            duplicateNew = value;
            duplicateIsHistogram = false;
            return AppendResult.DUPLICATE;
        }
        if ((field & SeriesLayout.LOGGED) == 0) {
            noteUnlogged(record, ref);
        }
        if (histograms.count() > 0) {
            histograms.beforeFloat(ref, count);
        }
        int at = count;
        if (at == refs.length) {
            grow();
        }
        refs[at] = ref;
        records[at] = record;
        timestampsMs[at] = timestampMs;
        values[at] = value;
        if (withStarts) {
            startsMs[at] = takeStart(seriesRef, timestampMs);
            started |= startsMs[at] != 0;
        }
        count = at + 1;
        ascending &= at == 0 || timestampMs >= timestampsMs[at - 1];
        if (late) {
            tellAge(timestampMs);
        } else {
            oldestMs = Math.min(oldestMs, timestampMs);
        }
        newestMs = Math.max(newestMs, timestampMs);
        return AppendResult.ACCEPTED;
    }

    /** The start timestamp that was told before a sample, 0 where none is kept of it. */
    private long takeStart(long seriesRef, long timestampMs) {
        if (startRef != seriesRef || startSampleMs != timestampMs) {
            return 0;
        }
        startRef = 0;
        return startMs;
    }

    /** The record of a reference, 0 where there is none: series that come one behind the other mostly lie so. */
    private int recordOf(long seriesRef) {
        long next = lastRecord + (seriesRef - lastRef);
        int record = seriesRef > 0 && head.isRecordOf(next, seriesRef)
                ? (int) next
                : head.index().refs.record(seriesRef);
        lastRecord = record;
        lastRef = seriesRef;
        return record;
    }

    @Override
    public AppendResult append(long seriesRef, long timestampMs, NativeHistogram given) {
        requireOpen();
        boolean late = timestampMs < minValidTimeMs;
        if (late && timestampMs < outOfOrderFromMs) {
            return refused(AppendResult.OUT_OF_BOUNDS, true);
        }
        if (!given.isStale()) {
            try {
                given.validate();
            } catch (InvalidHistogramException e) {
                invalidHistogram = String.valueOf(e.getMessage());
                return AppendResult.INVALID_HISTOGRAM;
            }
        }
        NativeHistogram histogram = FineHistograms.reduced(given);
        int record = head.index().refs.record(seriesRef);
        long ref = record == 0 ? 0 : head.useAs(record, seriesRef);
        if (ref == 0) {
            return head.unknownSeries();
        }
        long[] fields = head.seriesPage(record);
        int base = head.seriesOffset(record);
        long lastT = fields[base + SeriesLayout.LAST_T];
        if (!unchecked && timestampMs < lastT) {
            late = true;
            if (timestampMs < outOfOrderFromMs) {
                tellAge(timestampMs);
                return refused(AppendResult.OUT_OF_ORDER, true);
            }
        } else if (!unchecked && timestampMs == lastT) {
            duplicateIsHistogram = true;
            return head.compareLast(record, ref, histogram);
        }
        noteUnloggedUnlessLogged(record, ref);
        boolean toldZero = zero;
        long start = takeStart(seriesRef, timestampMs);
        if (start != 0 && toldZero && !histogram.isStale()) {
            histograms.add(record, ref, start, ZeroHistograms.before(histogram), 0);
            oldestMs = Math.min(oldestMs, start);
        }
        histograms.add(record, ref, timestampMs, histogram, withStarts ? start : 0);
        if (late) {
            tellAge(timestampMs);
        } else {
            oldestMs = Math.min(oldestMs, timestampMs);
        }
        newestMs = Math.max(newestMs, timestampMs);
        return AppendResult.ACCEPTED;
    }

    @Override
    public String rejection(AppendResult result) {
        if (result == AppendResult.INVALID_HISTOGRAM) {
            return invalidHistogram;
        }
        if (result != AppendResult.DUPLICATE || duplicateIsHistogram) {
            return result.text();
        }
        String existing = duplicateOfHistogram ? "is a histogram" : GoFloat.general(duplicateExisting);
        return result.text() + " " + duplicateTimeMs + "; overrides not allowed: existing " + existing + ", new value "
                + GoFloat.general(duplicateNew);
    }

    @Override
    public AppendResult startTimestamp(long seriesRef, long timestampMs, long startTimestampMs, boolean histogram) {
        requireOpen();
        boolean zeros = head.options().startTimestampZeros();
        AppendResult result =
                zeros ? startZero(seriesRef, timestampMs, startTimestampMs, histogram) : AppendResult.ACCEPTED;
        boolean zeroFollows = zeros && histogram && result.isAccepted();
        if (withStarts || zeroFollows) {
            zero = zeroFollows;
            startRef = seriesRef;
            startSampleMs = timestampMs;
            startMs = startTimestampMs;
        }
        return result;
    }

    private AppendResult startZero(long seriesRef, long timestampMs, long startTimestampMs, boolean histogram) {
        if (startTimestampMs >= timestampMs) {
            return AppendResult.START_TIMESTAMP_AFTER_SAMPLE;
        }
        if (startTimestampMs < minValidTimeMs) {
            return AppendResult.OUT_OF_BOUNDS;
        }
        int record = head.index().refs.record(seriesRef);
        if (record == 0 || head.useAs(record, seriesRef) == 0) {
            return head.unknownSeries();
        }
        // Every scrape tells the start anew: it is news only where it comes in order, whatever the window.
        long lastT = head.seriesPage(record)[head.seriesOffset(record) + SeriesLayout.LAST_T];
        if (startTimestampMs < lastT || (histogram && startTimestampMs == lastT)) {
            return AppendResult.OUT_OF_ORDER;
        }
        if (!histogram) {
            return append(seriesRef, startTimestampMs, 0);
        }
        // The zero has the layout of the histogram that follows.
        return AppendResult.ACCEPTED;
    }

    @Override
    public AppendResult append(long seriesRef, Exemplar exemplar) {
        requireOpen();
        int record = head.index().refs.record(seriesRef);
        long ref = record == 0 ? 0 : head.useAs(record, seriesRef);
        if (ref == 0) {
            return head.unknownSeries();
        }
        AppendResult result = head.exemplarRing().check(ref, exemplar);
        if (result.isAccepted()) {
            noteUnloggedUnlessLogged(record, ref);
            notes.add(record, ref, exemplar);
        }
        return result;
    }

    @Override
    public void metadata(long seriesRef, Metadata metadata) {
        requireOpen();
        int record = head.index().refs.record(seriesRef);
        long ref = record == 0 ? 0 : head.useAs(record, seriesRef);
        if (ref != 0 && head.metadata().isNews(ref, metadata)) {
            noteUnloggedUnlessLogged(record, ref);
            notes.add(ref, metadata);
        }
    }

    private void noteUnloggedUnlessLogged(int record, long seriesRef) {
        if (!head.isLogged(record, seriesRef)) {
            noteUnlogged(record, seriesRef);
        }
    }

    private void noteUnlogged(int record, long ref) {
        if (unloggedCount > 0 && unlogged[unloggedCount - 1] == record) {
            return;
        }
        if (unloggedCount == unlogged.length) {
            unlogged = Arrays.copyOf(unlogged, 2 * unloggedCount);
            unloggedRefs = Arrays.copyOf(unloggedRefs, 2 * unloggedCount);
        }
        unlogged[unloggedCount] = record;
        unloggedRefs[unloggedCount++] = ref;
    }

    @Override
    public void commit() throws IOException {
        requireOpen();
        try {
            if (count + histograms.count() > 0 || !notes.isEmpty()) {
                fillBatch(null);
                head.commits().commit(this);
            }
        } finally {
            finish();
        }
    }

    /**
     * The records for the log: unknown series first, then the samples.
     *
     * @param late what is left out
     */
    void fillBatch(@Nullable PendingOutOfOrder late) {
        batch.clear();
        if (unloggedCount > 0) {
            putSeries();
        }
        notes.writeMetadata(batch);
        int floats = 0;
        int histogram = 0;
        for (int section = 0; section < histograms.sections(); section++) {
            int floatEnd = histograms.floatEnd(section, count);
            if (late == null) {
                putSamples(floats, floatEnd);
                histograms.write(batch, histogram, histograms.histogramEnd(section));
            } else {
                putSamples(floats, floatEnd, late);
                putHistograms(histogram, histograms.histogramEnd(section), late);
            }
            floats = floatEnd;
            histogram = histograms.histogramEnd(section);
        }
        notes.writeExemplars(batch);
    }

    private void putSamples(int begin, int end, PendingOutOfOrder late) {
        for (int from = begin; from < end; ) {
            int to = from;
            while (to < end && !late.isFloat(to)) {
                to++;
            }
            putSamples(from, to);
            from = to + 1;
        }
    }

    private void putHistograms(int begin, int end, PendingOutOfOrder late) {
        for (int from = begin; from < end; ) {
            int to = from;
            while (to < end && !late.isHistogram(to)) {
                to++;
            }
            histograms.write(batch, from, to);
            from = to + 1;
        }
    }

    private void putSamples(int begin, int end) {
        for (int from = begin; from < end; from += RECORD_SAMPLES) {
            int to = Math.min(end, from + RECORD_SAMPLES);
            if (started) {
                putStarted(from, to);
                continue;
            }
            long baseRef = refs[from];
            long baseTime = timestampsMs[from];
            batch.begin(RecordType.SAMPLES);
            batch.putSamplesBase(baseRef, baseTime);
            for (int i = from; i < to; i++) {
                batch.putSample(refs[i] - baseRef, timestampsMs[i] - baseTime, values[i]);
            }
            batch.end();
        }
    }

    private void putStarted(int from, int to) {
        prefix.begin(batch, RecordType.ST_SAMPLES);
        for (int i = from; i < to; i++) {
            prefix.put(batch, refs[i], timestampsMs[i], startsMs[i]);
            batch.putDouble(values[i]);
        }
        batch.end();
    }

    private void putSeries() {
        int reader = head.readers().enterWithoutSamples(); // the collector must not free the labels meanwhile
        try {
            head.requireOpen(); // asked behind the entry: the memory stays from here on
            batch.begin(RecordType.SERIES);
            int begin = batch.position();
            for (int i = 0; i < unloggedCount; i++) {
                int record = unlogged[i];
                if (head.index().isName(record, unloggedRefs[i]) && !head.isLogged(record, unloggedRefs[i])) {
                    byte[] into =
                            batch.putSeriesRef(unloggedRefs[i], head.index().labelsBytes(record));
                    batch.setPosition(head.index().copyLabels(record, into, batch.position()));
                }
            }
            if (batch.position() == begin) {
                batch.clear(); // others have logged all of them meanwhile
                return;
            }
            batch.end();
        } finally {
            head.readers().leave(reader);
        }
    }

    @Override
    public void rollback() {
        if (open) {
            finish();
        }
    }

    /** Only now may another transaction use the columns: whoever has this one may still close it after a commit. */
    @Override
    public void close() {
        rollback();
        if (!closed) {
            closed = true;
            if (refs.length <= LARGEST_KEPT) {
                head.appenders().keep(this);
            }
        }
    }

    private void finish() {
        open = false;
        count = 0;
        histograms.clear();
        notes.clear();
        startRef = 0;
        started = false;
        unloggedCount = 0;
        head.appenders().ended(this);
    }

    /** How often the collector had marked idle series when the transaction began. */
    long round() {
        return round;
    }

    /** The number of the transaction: how many had begun with it. */
    long number() {
        return number;
    }

    void number(long newNumber) {
        number = newNumber;
    }

    int place() {
        return place;
    }

    void place(int newPlace) {
        place = newPlace;
    }

    private void requireOpen() {
        if (!open) {
            throw new IllegalStateException("appender: the transaction has ended; begin another one");
        }
    }

    private void grow() {
        int capacity = 2 * refs.length;
        refs = Arrays.copyOf(refs, capacity);
        records = Arrays.copyOf(records, capacity);
        timestampsMs = Arrays.copyOf(timestampsMs, capacity);
        values = Arrays.copyOf(values, capacity);
        if (withStarts) {
            startsMs = Arrays.copyOf(startsMs, capacity);
        }
    }

    boolean isUnchecked() {
        return unchecked;
    }

    /** Turns the names that series had when their samples came into those that they have now, in the log too. */
    void rename(HeadIndex index) {
        for (int i = 0; i < count; i++) {
            if (index.isName(records[i], refs[i])) {
                refs[i] = index.refOf(records[i]);
            }
        }
        histograms.rename(index);
        notes.rename(index);
        for (int i = 0; i < unloggedCount; i++) {
            if (index.isName(unlogged[i], unloggedRefs[i])) {
                unloggedRefs[i] = index.refOf(unlogged[i]);
            }
        }
        fillBatch(null);
    }

    WalBatch batch() {
        return batch;
    }

    int count() {
        return count;
    }

    PendingNotes notes() {
        return notes;
    }

    PendingHistograms histograms() {
        return histograms;
    }

    /** The first timestamp of the samples. */
    long oldestMs() {
        return oldestMs;
    }

    /** The last timestamp of the samples. */
    long newestMs() {
        return newestMs;
    }

    long ref(int at) {
        return refs[at];
    }

    int record(int at) {
        return records[at];
    }

    void touch(HeadSamples samples, int from, int to) {
        samples.touch(records, from, to);
    }

    long timestampMs(int at) {
        return timestampsMs[at];
    }

    double value(int at) {
        return values[at];
    }

    /** The start timestamp that is kept of a float, 0 for none. */
    long startMs(int at) {
        return withStarts ? startsMs[at] : 0;
    }

    int unloggedCount() {
        return unloggedCount;
    }

    int unlogged(int at) {
        return unlogged[at];
    }

    long unloggedRef(int at) {
        return unloggedRefs[at];
    }
}
