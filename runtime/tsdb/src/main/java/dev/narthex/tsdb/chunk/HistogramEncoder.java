// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.chunk;

import dev.narthex.model.BucketSpan;
import dev.narthex.model.CounterResetHint;
import dev.narthex.model.FloatHistogram;
import dev.narthex.model.HistogramLayout;
import dev.narthex.model.IntegerHistogram;
import dev.narthex.model.NativeHistogram;
import dev.narthex.model.StalenessMarker;
import dev.narthex.storage.ChunkEncoding;
import java.util.Arrays;
import java.util.List;

/**
 * Writes histogram chunks, integer or float, sample by sample. Chunk and state lie in the caller's bytes; what is to be
 * written there stands in {@link #bytes()} after each call. For one thread.
 *
 * <p>A histogram that is to follow others in a chunk is put to {@link #fit} first, which says whether it can, as
 * Prometheus does ("Native Histograms", section "TSDB"): not behind a counter reset or a staleness marker, not with
 * another schema, zero threshold or other custom values, not a gauge behind counters or the other way. A histogram with
 * buckets that the chunk has not makes it written anew with them.
 */
public final class HistogramEncoder {
    /** What becomes of a histogram that is to follow others. */
    public enum Fit {
        /** It is written behind them. */
        APPEND,
        /** The chunk is written anew with more buckets, then it behind the others. */
        RECODE,
        /** It begins another chunk, with {@link #header()}. */
        NEW_CHUNK
    }

    private final HistogramState state = new HistogramState();
    private final BitWriter out = new BitWriter();
    private final BitWriter layoutBits = new BitWriter();
    private final HistogramReader reader = new HistogramReader();
    private final BucketMerge positiveMerge = new BucketMerge();
    private final BucketMerge negativeMerge = new BucketMerge();
    private long[] counts = new long[64];
    private long[] mapped = new long[64];
    private int begin;
    /** Whether the histogram that was looked at last has the buckets of its chunk. */
    private boolean sameBuckets;

    private CounterResetHeader header = CounterResetHeader.UNKNOWN;
    private final StartTimestampBits starts = new StartTimestampBits();

    /** Whether a histogram's counts are floats. */
    public static boolean isFloat(NativeHistogram histogram) {
        return histogram instanceof FloatHistogram;
    }

    /** Writes a whole chunk with its first sample. */
    public void begin(CounterResetHeader chunkHeader, long timestampMs, NativeHistogram histogram) {
        begin(chunkHeader, timestampMs, histogram, false, 0);
    }

    /** As {@link #begin}, of an encoding that has start timestamps: 0 for none. */
    public void beginWithStart(
            CounterResetHeader chunkHeader, long timestampMs, NativeHistogram histogram, long startMs) {
        begin(chunkHeader, timestampMs, histogram, true, startMs);
    }

    private void begin(
            CounterResetHeader chunkHeader,
            long timestampMs,
            NativeHistogram histogram,
            boolean withStarts,
            long startMs) {
        HistogramLayout layout = histogram.isStale() ? HistogramReader.NO_BUCKETS : histogram.layout();
        beginChunk(isFloat(histogram), withStarts, chunkHeader, layout);
        reserve(countBuckets(histogram));
        copyCounts(histogram, counts);
        write(timestampMs, histogram, counts, startMs);
        finish(0);
    }

    private void beginChunk(
            boolean floats, boolean withStarts, CounterResetHeader chunkHeader, HistogramLayout layout) {
        out.reset(0, 0);
        out.bits(withStarts ? chunkHeader.flags() << 8 : 0, 16);
        out.bits(withStarts ? 0 : chunkHeader.flags(), 8);
        BucketLayouts.write(out, layout);
        state.begin(
                floats, withStarts, chunkHeader, out.position(), layout.positiveBuckets(), layout.negativeBuckets());
        reserve(state.buckets());
    }

    /**
     * Whether a histogram can follow the last one of a chunk; if it can, {@link #append} or {@link #recode} write it.
     *
     * @param chunk holds the chunk, with eight readable bytes behind it
     * @param stateBytes holds the state of the chunk as {@link #save} has written it
     */
    public Fit fit(byte[] chunk, int chunkOffset, byte[] stateBytes, int stateOffset, NativeHistogram histogram) {
        state.load(stateBytes, stateOffset);
        reserve(Math.max(state.buckets(), countBuckets(histogram)));
        boolean gauge = histogram.counterResetHint() == CounterResetHint.GAUGE;
        boolean gauges = state.header == CounterResetHeader.GAUGE;
        sameBuckets = true;
        if (state.floats != isFloat(histogram)) {
            return newChunk(CounterResetHeader.first(histogram.counterResetHint()));
        }
        if (gauge) {
            header = CounterResetHeader.GAUGE;
            return gauges ? fitGauge(chunk, chunkOffset, histogram) : Fit.NEW_CHUNK;
        }
        if (gauges) {
            // No difference that Prometheus means to make, but the one that its chunks show.
            return newChunk(state.floats ? CounterResetHeader.UNKNOWN : CounterResetHeader.NOT_RESET);
        }
        return fitCounter(chunk, chunkOffset, histogram);
    }

    private Fit newChunk(CounterResetHeader newHeader) {
        header = newHeader;
        return Fit.NEW_CHUNK;
    }

    private Fit fitGauge(byte[] chunk, int chunkOffset, NativeHistogram histogram) {
        if (histogram.isStale()) {
            return Fit.APPEND;
        }
        if (isLastStale()) {
            return Fit.NEW_CHUNK;
        }
        if (hasLayout(chunk, chunkOffset, histogram.layout())) {
            return Fit.APPEND;
        }
        HistogramLayout present = openLayout(chunk, chunkOffset);
        if (!isSameScale(present, histogram.layout())
                || !present.customValues().equals(histogram.layout().customValues())) {
            return Fit.NEW_CHUNK;
        }
        merge(present, histogram.layout());
        return mergedFit();
    }

    private Fit fitCounter(byte[] chunk, int chunkOffset, NativeHistogram histogram) {
        if (histogram.counterResetHint() == CounterResetHint.RESET) {
            return newChunk(CounterResetHeader.RESET);
        }
        header = CounterResetHeader.NOT_RESET;
        if (histogram.isStale()) {
            return Fit.APPEND;
        }
        if (isLastStale()) {
            return newChunk(CounterResetHeader.UNKNOWN);
        }
        if (isLess(countOf(histogram), state.values[HistogramState.COUNT])) {
            return newChunk(CounterResetHeader.RESET);
        }
        boolean same = hasLayout(chunk, chunkOffset, histogram.layout());
        HistogramLayout present = same ? histogram.layout() : openLayout(chunk, chunkOffset);
        if (!isSameScale(present, histogram.layout())) {
            return newChunk(CounterResetHeader.UNKNOWN);
        }
        if (!same && !present.customValues().equals(histogram.layout().customValues())) {
            return newChunk(CounterResetHeader.RESET);
        }
        if (isLess(zeroCountOf(histogram), state.values[HistogramState.ZERO_COUNT])) {
            return newChunk(CounterResetHeader.RESET);
        }
        copyCounts(histogram, counts);
        lastCounts(mapped);
        if (same) {
            for (int i = 0; i < state.buckets(); i++) {
                if (isLess(counts[i], mapped[i])) {
                    return newChunk(CounterResetHeader.RESET);
                }
            }
            return Fit.APPEND;
        }
        merge(present, histogram.layout());
        boolean reset = positiveMerge.isAnyLess(mapped, 0, counts, 0, state.floats)
                || negativeMerge.isAnyLess(
                        mapped, state.positive, counts, histogram.layout().positiveBuckets(), state.floats);
        return reset ? newChunk(CounterResetHeader.RESET) : mergedFit();
    }

    private void merge(HistogramLayout present, HistogramLayout next) {
        positiveMerge.merge(present.positiveSpans(), next.positiveSpans());
        negativeMerge.merge(present.negativeSpans(), next.negativeSpans());
    }

    private Fit mergedFit() {
        sameBuckets = !positiveMerge.isSecondShort() && !negativeMerge.isSecondShort();
        return positiveMerge.isFirstShort() || negativeMerge.isFirstShort() ? Fit.RECODE : Fit.APPEND;
    }

    /** What the chunk says that a histogram begins which does not fit, or for which there is no room. */
    public CounterResetHeader header() {
        return header;
    }

    /**
     * Writes a histogram that fits, behind the chunk that {@link #fit} has looked at.
     *
     * @param startMs its start timestamp, 0 for none; left out where the chunk's encoding has none
     */
    public void append(byte[] chunk, int chunkOffset, long timestampMs, NativeHistogram histogram, long startMs) {
        int position = state.positionBits;
        out.reset(chunk[chunkOffset + (position >>> 3)], position & 7);
        if (!histogram.isStale()) {
            copyCounts(histogram, counts);
            if (!sameBuckets) {
                System.arraycopy(counts, 0, mapped, 0, countBuckets(histogram));
                Arrays.fill(counts, 0, state.buckets(), 0);
                positiveMerge.copySecond(mapped, 0, counts, 0);
                negativeMerge.copySecond(mapped, histogram.layout().positiveBuckets(), counts, state.positive);
            }
        }
        write(timestampMs, histogram, counts, startMs);
        finish(position >>> 3);
    }

    /**
     * Writes the whole chunk that {@link #fit} has looked at anew, with the buckets of a histogram, and that behind.
     *
     * @param startMs its start timestamp, 0 for none; left out where the chunk's encoding has none
     */
    public void recode(byte[] chunk, int chunkOffset, long timestampMs, NativeHistogram histogram, long startMs) {
        HistogramLayout merged = mergedLayout(histogram.layout());
        int oldPositive = state.positive;
        reader.open(state.floats, state.withStarts, chunk, chunkOffset, (state.positionBits + 7) >>> 3);
        int samples = state.samples;
        beginChunk(state.floats, state.withStarts, state.header, merged);
        reserve(oldPositive + reader.layout().negativeBuckets());
        for (int i = 0; i < samples; i++) {
            // The count in front of an open chunk is not kept up; the state has it.
            reader.nextOf(samples);
            reader.copyCounts(mapped);
            Arrays.fill(counts, 0, state.buckets(), 0);
            positiveMerge.copyFirst(mapped, 0, counts, 0);
            negativeMerge.copyFirst(mapped, oldPositive, counts, state.positive);
            write(
                    reader.timestampMs(),
                    reader.count(),
                    reader.zeroCount(),
                    reader.sumBits(),
                    counts,
                    reader.startTimestampMs());
        }
        copyCounts(histogram, mapped);
        Arrays.fill(counts, 0, state.buckets(), 0);
        positiveMerge.copySecond(mapped, 0, counts, 0);
        negativeMerge.copySecond(mapped, histogram.layout().positiveBuckets(), counts, state.positive);
        write(timestampMs, histogram, counts, startMs);
        finish(0);
    }

    private HistogramLayout mergedLayout(HistogramLayout next) {
        List<BucketSpan> positive = positiveMerge.isSecondShort() ? positiveMerge.spans() : next.positiveSpans();
        List<BucketSpan> negative = negativeMerge.isSecondShort() ? negativeMerge.spans() : next.negativeSpans();
        return new HistogramLayout(next.schema(), next.zeroThreshold(), positive, negative, next.customValues());
    }

    private void write(long timestampMs, NativeHistogram histogram, long[] from, long startMs) {
        write(
                timestampMs,
                countOf(histogram),
                zeroCountOf(histogram),
                Double.doubleToRawLongBits(histogram.sum()),
                from,
                startMs);
    }

    private void write(long timestampMs, long count, long zeroCount, long sumBits, long[] from, long startMs) {
        int number = state.samples;
        long formerMs = state.lastT;
        long beforeFormerMs = formerMs - state.timeDelta;
        HistogramSamples.write(out, state, timestampMs, count, zeroCount, sumBits, from);
        if (!state.withStarts) {
            return;
        }
        int behind = out.position();
        if (number == 0) {
            starts.begin(out, timestampMs, startMs);
        } else {
            starts.resume(state.startFlags, state.startMs);
            starts.append(out, number, startMs, formerMs, beforeFormerMs);
        }
        state.startFlags = starts.flags();
        state.startMs = startMs;
        state.positionBits += out.position() - behind;
    }

    private void finish(int beginByte) {
        begin = beginByte;
        if (state.withStarts && beginByte == 0) {
            out.bytes()[HistogramChunkLayout.HEADER_AT] = (byte) state.startFlags;
        }
    }

    /** The encoding of the chunk. */
    public ChunkEncoding encoding() {
        if (state.withStarts) {
            return state.floats ? ChunkEncoding.FLOAT_HISTOGRAM_ST : ChunkEncoding.HISTOGRAM_ST;
        }
        return state.floats ? ChunkEncoding.FLOAT_HISTOGRAM : ChunkEncoding.HISTOGRAM;
    }

    /** Whether the chunk is of an encoding that has start timestamps. */
    public boolean withStarts() {
        return state.withStarts;
    }

    /** Where it has, the byte that is to be written to the chunk at {@link Xor2Encoder#FLAGS_AT}, too. */
    public int startFlags() {
        return state.startFlags;
    }

    /** Where it has, the start timestamp of the last sample. */
    public long lastStartMs() {
        return state.startMs;
    }

    /** What is to be written to the chunk, from index 0 on; eight bytes behind it may be read. */
    public byte[] bytes() {
        return out.bytes();
    }

    /** How many bytes of {@link #bytes()} are to be written. */
    public int byteCount() {
        return (out.position() + 7) >>> 3;
    }

    /** Where in the chunk they are to be written. */
    public int beginByte() {
        return begin;
    }

    /** The bytes of the chunk then. */
    public int sizeBytes() {
        return (state.positionBits + 7) >>> 3;
    }

    /** The bits of the chunk then. */
    public int positionBits() {
        return state.positionBits;
    }

    /** The samples of the chunk then. */
    public int samples() {
        return state.samples;
    }

    /** The bytes that the state takes. */
    public int stateBytes() {
        return state.sizeBytes();
    }

    /** Writes the state for the next call of {@link #fit}. */
    public void save(byte[] into, int at) {
        state.save(into, at);
    }

    /**
     * Whether a histogram is equal to the last one of a chunk, but for its counter reset hint.
     *
     * @param chunk holds the chunk, with eight readable bytes behind it
     * @param stateBytes holds the state of the chunk as {@link #save} has written it
     */
    public boolean isLast(
            byte[] chunk, int chunkOffset, byte[] stateBytes, int stateOffset, NativeHistogram histogram) {
        state.load(stateBytes, stateOffset);
        reserve(Math.max(state.buckets(), countBuckets(histogram)));
        if (state.floats != isFloat(histogram)
                || state.values[HistogramState.SUM] != Double.doubleToRawLongBits(histogram.sum())) {
            return false;
        }
        if (histogram.isStale()) {
            return true;
        }
        if (state.values[HistogramState.COUNT] != countOf(histogram)
                || state.values[HistogramState.ZERO_COUNT] != zeroCountOf(histogram)) {
            return false;
        }
        HistogramLayout present = openLayout(chunk, chunkOffset);
        if (!isSameScale(present, histogram.layout())
                || !present.customValues().equals(histogram.layout().customValues())) {
            return false;
        }
        copyCounts(histogram, counts);
        lastCounts(mapped);
        merge(present, histogram.layout());
        return positiveMerge.isEqual(mapped, 0, counts, 0)
                && negativeMerge.isEqual(
                        mapped, state.positive, counts, histogram.layout().positiveBuckets());
    }

    private boolean isLastStale() {
        return state.values[HistogramState.SUM] == StalenessMarker.BITS;
    }

    private boolean hasLayout(byte[] chunk, int chunkOffset, HistogramLayout layout) {
        layoutBits.reset(0, 0);
        BucketLayouts.write(layoutBits, layout);
        int bits = layoutBits.position();
        if (bits != state.layoutBits - 8 * HistogramChunkLayout.LAYOUT_AT) {
            return false;
        }
        int from = chunkOffset + HistogramChunkLayout.LAYOUT_AT;
        int whole = bits >>> 3;
        if (!Arrays.equals(chunk, from, from + whole, layoutBits.bytes(), 0, whole)) {
            return false;
        }
        int rest = bits & 7;
        return rest == 0 || ((chunk[from + whole] ^ layoutBits.bytes()[whole]) & 0xff) >>> (8 - rest) == 0;
    }

    private HistogramLayout openLayout(byte[] chunk, int chunkOffset) {
        reader.open(state.floats, state.withStarts, chunk, chunkOffset, (state.positionBits + 7) >>> 3);
        return reader.layout();
    }

    private static boolean isSameScale(HistogramLayout one, HistogramLayout other) {
        return one.schema() == other.schema()
                && Double.doubleToLongBits(one.zeroThreshold()) == Double.doubleToLongBits(other.zeroThreshold());
    }

    private boolean isLess(long one, long other) {
        return BucketMerge.isLess(one, other, state.floats);
    }

    private static long countOf(NativeHistogram histogram) {
        return switch (histogram) {
            case IntegerHistogram integer -> integer.count();
            case FloatHistogram floating -> Double.doubleToRawLongBits(floating.count());
        };
    }

    private static long zeroCountOf(NativeHistogram histogram) {
        return switch (histogram) {
            case IntegerHistogram integer -> integer.zeroCount();
            case FloatHistogram floating -> Double.doubleToRawLongBits(floating.zeroCount());
        };
    }

    private static int countBuckets(NativeHistogram histogram) {
        return histogram.layout().positiveBuckets() + histogram.layout().negativeBuckets();
    }

    /** The counts of all buckets of a histogram, or their bits; positive ones first. */
    private static void copyCounts(NativeHistogram histogram, long[] to) {
        int positive = histogram.layout().positiveBuckets();
        int negative = histogram.layout().negativeBuckets();
        switch (histogram) {
            case IntegerHistogram integer -> {
                for (int i = 0; i < positive; i++) {
                    to[i] = integer.positiveCount(i);
                }
                for (int i = 0; i < negative; i++) {
                    to[positive + i] = integer.negativeCount(i);
                }
            }
            case FloatHistogram floating -> {
                for (int i = 0; i < positive; i++) {
                    to[i] = Double.doubleToRawLongBits(floating.positiveCount(i));
                }
                for (int i = 0; i < negative; i++) {
                    to[positive + i] = Double.doubleToRawLongBits(floating.negativeCount(i));
                }
            }
        }
    }

    /** The counts of the last sample of the chunk, or their bits. */
    private void lastCounts(long[] into) {
        long count = 0;
        for (int i = 0; i < state.buckets(); i++) {
            long value = state.values[HistogramState.BUCKETS + i];
            if (state.floats) {
                into[i] = value;
            } else {
                count = (i == state.positive ? 0 : count) + value;
                into[i] = count;
            }
        }
    }

    private void reserve(int buckets) {
        if (counts.length < buckets) {
            counts = Arrays.copyOf(counts, Math.max(buckets, 2 * counts.length));
            mapped = Arrays.copyOf(mapped, counts.length);
        }
    }
}
