// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import dev.narthex.model.Exemplar;
import dev.narthex.model.Metadata;
import dev.narthex.model.NativeHistogram;
import dev.narthex.model.StalenessMarker;
import dev.narthex.tsdb.block.Intervals;
import dev.narthex.tsdb.headchunk.HeadChunkHandler;
import dev.narthex.tsdb.headchunk.HeadChunkLayout;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Brings chunk files and the log back into a head, in three steps: what was there when the replay began, up to {@link
 * #settle}; what was committed since ({@link #catchUp}); {@link #end}. Until then nobody queries the head. Transactions are
 * written to the log and not applied: they come from there in their turn, behind what is older, so they are not checked
 * against the samples of their series when they are taken. Samples out of order are brought back between the first two
 * steps, by {@link OutOfOrderHead#replay}. For one thread at a time.
 */
public final class HeadReplay implements HeadChunkHandler {
    private final Head head;
    private final HeadIndex index;
    private final HeadSamples samples;
    private @Nullable LoadedChunks loading;
    private long maxChunkRef;
    /** The log names references up to this one without having their series any more. */
    private long maxUnknownRef;
    /** Samples that were taken during the replay and turned out to be of no use, or late. */
    private long refused;
    /** Those of them that are histograms. */
    private long refusedHistograms;
    /** What is caught up with was taken by earlier runs. */
    private boolean earlier;

    private final LateCatchUp late;

    HeadReplay(Head head, LoadedChunks loading) {
        late = new LateCatchUp(head);
        this.head = head;
        this.loading = loading;
        index = head.index();
        samples = head.samples();
    }

    /**
     * Takes a chunk of a file, before the log is replayed; it comes to its series with the record of that in the log, and
     * the samples of the log that it holds are then left out. One of samples out of order waits for the log of those.
     */
    @Override
    public void chunk(long seriesRef, long mint, long maxt, int encoding, long reference, int dataBytes) {
        boolean inOrder = (encoding & HeadChunkLayout.OUT_OF_ORDER) == 0;
        HeadChunkHandler chunks = inOrder ? requireLoading() : head.outOfOrder().loading();
        chunks.chunk(seriesRef, mint, maxt, encoding & ~HeadChunkLayout.OUT_OF_ORDER, reference, dataBytes);
    }

    private LoadedChunks requireLoading() {
        LoadedChunks present = loading;
        if (present == null) {
            throw new IllegalStateException("head: the replay has been settled");
        }
        return present;
    }

    /** Brings back a series with its reference; 0 when the reference stands for other labels already. */
    public int series(LabelBytes labels, long ref) {
        int record = unloggedSeries(labels, ref);
        if (record != 0) {
            head.setLogged(record, ref); // unless a transaction has made it, whose reference the log may not have yet
        }
        return record;
    }

    /** As {@link #series}, one of which it is not known whether the log has it. */
    public int unloggedSeries(LabelBytes labels, long ref) {
        int record = index.restore(labels, ref);
        if (record != 0) {
            LoadedChunks chunks = requireLoading();
            if (chunks.attach(ref, record)) {
                // Samples before a time are dropped, though a chunk may begin earlier.
                HeadTimes times = head.times();
                times.hideBefore(chunks.mintMs());
                times.widen(Math.max(times.mintMs(), chunks.attachedMintMs()), chunks.attachedMaxtMs());
            }
        }
        return record;
    }

    /** Takes the float samples of the log in their order. */
    public ReplayedSamples floats() {
        return new ReplayedSamples(head, this);
    }

    /**
     * Notes a reference that the log names without having its series: no other series may get it, or it would get at a
     * later start what the log has under this name.
     */
    public void unknown(long ref) {
        maxUnknownRef = Math.max(maxUnknownRef, Math.min(ref, Head.MAX_REF));
    }

    /** Brings back a sample of the log. */
    void sample(int record, long timestampMs, double value, long startMs) {
        switch (samples.append(record, index.refOf(record), timestampMs, value, startMs, 0, Long.MAX_VALUE)) {
            case ADDED -> head.times().widen(timestampMs, timestampMs);
            case DUPLICATE -> samples.mapped().learnLastValue(record, value);
            case SAME, OUT_OF_ORDER, GONE -> {}
        }
    }

    /** Brings back a histogram of the log; false when its series is not known. */
    public boolean histogram(long ref, long timestampMs, NativeHistogram histogram, long startMs) {
        int record = index.refs.record(ref);
        if (record == 0) {
            unknown(ref);
            return false;
        }
        if (samples.append(record, index.refOf(record), timestampMs, histogram, startMs, 0, Long.MAX_VALUE)
                == HeadSamples.Outcome.ADDED) {
            head.times().widen(timestampMs, timestampMs);
        }
        return true;
    }

    /** Brings back an exemplar of the log; false when its series is not known. */
    public boolean exemplar(long ref, Exemplar exemplar) {
        int record = index.refs.record(ref);
        if (record == 0) {
            unknown(ref);
            return false;
        }
        head.exemplarRing().append(index.refOf(record), () -> index.labels(record), exemplar);
        return true;
    }

    /** Brings back what the log says of a series; false when the series is not known. */
    public boolean metadata(long ref, Metadata note) {
        int record = index.refs.record(ref);
        if (record == 0) {
            unknown(ref);
            return false;
        }
        head.metadata().put(index.refOf(record), note);
        return true;
    }

    /** Brings back a deletion of the log; its series may stand under another reference by now. */
    public void tombstone(long ref, long fromMs, long toMs) {
        int record = index.refs.record(ref);
        if (record == 0) {
            unknown(ref);
        } else if (fromMs == Long.MIN_VALUE && toMs >= lastMs(record)) {
            samples.forget(record); // nothing is left of it: it may have moved to blocks
        } else {
            head.tombstones().add(Map.of(index.refOf(record), Intervals.of(fromMs, toMs)));
        }
    }

    private long lastMs(int record) {
        return head.seriesPage(record)[head.seriesOffset(record) + SeriesLayout.LAST_T];
    }

    /**
     * Says that everything has been brought back that was in the log when the replay began.
     *
     * @return how many loaded chunks had no series in the log and were left out
     */
    public long settle() throws IOException {
        LoadedChunks chunks = requireLoading();
        samples.mapped().settleLastValues();
        samples.drainFrees();
        maxChunkRef = chunks.maxSeriesRef();
        long left = chunks.end();
        loading = null;
        index.buildPostings();
        late.begin();
        head.settled();
        return left;
    }

    /** Says whether what is caught up with was taken during replays of earlier runs that did not come to their end. */
    public void ofEarlierRuns(boolean ofEarlierRuns) {
        earlier = ofEarlierRuns;
        head.endAliases();
    }

    /**
     * Brings back a sample that was written to the log during a replay. It was not checked when it was taken, so it may be
     * out of order; then it goes to those that are, where the window allows it.
     *
     * @return false when its series is not known, which can be only where the log was damaged since
     * @throws IOException when the log of such samples could not be written
     */
    public boolean catchUp(long ref, long timestampMs, double value, long startMs) throws IOException {
        int record = record(ref);
        if (record == 0) {
            return false;
        }
        long[] fields = head.seriesPage(record);
        int base = head.seriesOffset(record);
        if (Double.doubleToRawLongBits(value) == StalenessMarker.BITS && OpenHistograms.isHistograms(fields, base)) {
            return catchUp(ref, timestampMs, StaleHistograms.markerFor(fields, base), startMs);
        }
        if (!isOutOfBounds(record, timestampMs, value, null, startMs)) {
            HeadSamples.Outcome outcome =
                    samples.append(record, index.refOf(record), timestampMs, value, startMs, 0, Long.MAX_VALUE);
            appended(outcome, record, timestampMs, value, null, startMs);
        }
        return true;
    }

    /** As {@link #catchUp(long, long, double, long)}, a histogram. */
    public boolean catchUp(long ref, long timestampMs, NativeHistogram histogram, long startMs) throws IOException {
        int record = record(ref);
        if (record == 0) {
            return false;
        }
        if (!isOutOfBounds(record, timestampMs, 0, histogram, startMs)) {
            HeadSamples.Outcome outcome =
                    samples.append(record, index.refOf(record), timestampMs, histogram, startMs, 0, Long.MAX_VALUE);
            appended(outcome, record, timestampMs, 0, histogram, startMs);
        }
        return true;
    }

    private int record(long ref) {
        int record = index.refs.record(ref);
        if (record == 0) {
            unknown(ref);
        }
        return record;
    }

    /**
     * Whether a sample is so old that blocks have its time; then it is late, whatever its series has. All others are in
     * order if they are so for their series, for that is what the next start makes of them.
     */
    private boolean isOutOfBounds(
            int record, long timestampMs, double value, @Nullable NativeHistogram histogram, long startMs)
            throws IOException {
        if (timestampMs >= head.times().boundMs()) {
            return false;
        }
        appended(HeadSamples.Outcome.OUT_OF_ORDER, record, timestampMs, value, histogram, startMs);
        return true;
    }

    private void appended(
            HeadSamples.Outcome outcome,
            int record,
            long timestampMs,
            double value,
            @Nullable NativeHistogram histogram,
            long startMs)
            throws IOException {
        if (outcome == HeadSamples.Outcome.ADDED) {
            head.times().widen(timestampMs, timestampMs);
            return;
        }
        refused += earlier ? 0 : 1;
        refusedHistograms += earlier || histogram == null ? 0 : 1;
        if (outcome != HeadSamples.Outcome.OUT_OF_ORDER || !late.take(record, timestampMs, value, histogram, startMs)) {
            head.commits().count(outcome);
        }
    }

    /**
     * Ends the replay: transactions are applied from now on. Between commits, when all of the log has been brought back.
     *
     * @return no series reference in the log is greater than this
     * @throws IOException when the log of samples out of order could not be written
     */
    public long end() throws IOException {
        late.flush();
        // Where the log of series has lost one, no other may get its reference and with it its samples out of order.
        long maxLateRef = head.outOfOrder().endReplay();
        head.commits().endReplay(refused, refusedHistograms);
        return index.settleRefs(Math.max(Math.max(maxChunkRef, maxUnknownRef), maxLateRef));
    }
}
