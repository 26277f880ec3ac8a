// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.chunk;

import dev.narthex.model.CounterResetHint;
import dev.narthex.model.FloatHistogram;
import dev.narthex.model.HistogramLayout;
import dev.narthex.model.IntegerHistogram;
import dev.narthex.model.NativeHistogram;
import dev.narthex.model.StalenessMarker;
import java.util.Arrays;
import java.util.List;

/**
 * A cursor over the samples of a histogram chunk, integer or float. Moving makes no objects but where the arrays must
 * grow; the histogram of a sample is made when it is asked for. Reused from chunk to chunk; for one thread.
 */
final class HistogramReader {
    /** The layout that a staleness marker has. */
    static final HistogramLayout NO_BUCKETS = HistogramLayout.exponential(0, 0, List.of(), List.of());

    private static final int COUNT = 0;
    private static final int ZERO_COUNT = 1;
    private static final int SUM = 2;
    private static final int BUCKETS = 3;

    /** With start timestamps, the upper bits of the count are the header. */
    static final int COUNT_BITS = 14;

    private final BitReader in = new BitReader();
    private final StartTimestamps starts = new StartTimestamps(in);
    private boolean floats;
    private boolean withStarts;
    private int samples;
    private int at;
    private CounterResetHeader header = CounterResetHeader.UNKNOWN;
    private HistogramLayout layout = NO_BUCKETS;
    private int positive;
    private int buckets;
    private long timestampMs;
    private long timeDelta;
    /** Count, zero count, bits of the sum, buckets: as numbers, or bits of numbers with float counts. */
    private long[] values = new long[64];
    /** For numbers the last differences. */
    private long[] deltas = new long[64];
    /** For bits of numbers their windows; of the integer histograms the sum's only. */
    private int[] windows = new int[64];

    /**
     * Goes to a chunk without start timestamps, before its first sample.
     *
     * @param withFloats whether counts are floats
     * @throws CorruptChunkException when it cannot be one
     */
    void open(boolean withFloats, byte[] bytes, int offset, int length) {
        open(withFloats, false, bytes, offset, length);
    }

    /**
     * Goes to a chunk, before its first sample.
     *
     * @param withFloats whether counts are floats
     * @param withStartTimestamps whether it is of an encoding that has them
     * @throws CorruptChunkException when it cannot be one
     */
    void open(boolean withFloats, boolean withStartTimestamps, byte[] bytes, int offset, int length) {
        if (length < HistogramChunkLayout.LAYOUT_AT) {
            throw new CorruptChunkException("histogram chunk is too short, found " + length + " bytes");
        }
        floats = withFloats;
        withStarts = withStartTimestamps;
        in.reset(bytes, offset, length);
        int count = (int) in.bits(16);
        int flags = (int) in.bits(8);
        samples = withStarts ? count & (1 << COUNT_BITS) - 1 : count;
        header = CounterResetHeader.of(withStarts ? count >>> 8 : flags);
        starts.begin(withStarts ? flags : 0);
        layout = BucketLayouts.read(in);
        positive = layout.positiveBuckets();
        buckets = positive + layout.negativeBuckets();
        if (samples > 0 && buckets > in.left()) {
            throw new CorruptChunkException(
                    "histogram chunk has " + buckets + " buckets, found " + in.left() + " bits");
        }
        int needed = BUCKETS + buckets;
        if (values.length < needed) {
            values = new long[needed];
            deltas = new long[needed];
            windows = new int[needed];
        }
        Arrays.fill(deltas, 0, needed, 0);
        Arrays.fill(windows, 0, needed, XorLayout.NO_WINDOW << 8);
        at = -1;
        timeDelta = 0;
    }

    int samples() {
        return samples;
    }

    CounterResetHeader header() {
        return header;
    }

    HistogramLayout layout() {
        return layout;
    }

    /** The bits that the header and the layout take. */
    int position() {
        return in.position();
    }

    /**
     * Moves to the next sample; false at the end.
     *
     * @throws CorruptChunkException when the chunk ends before its last sample
     */
    boolean next() {
        return nextOf(samples);
    }

    /** As {@link #next}, of so many samples: for an open chunk, whose count is not kept up. */
    boolean nextOf(int count) {
        if (at + 1 >= count) {
            return false;
        }
        at++;
        if (at == 0) {
            first();
            starts.readFirst(timestampMs);
        } else {
            long formerMs = timestampMs;
            timeDelta += in.varbitInt();
            timestampMs += timeDelta;
            if (floats) {
                laterFloat();
            } else {
                laterInteger();
            }
            starts.read(at, formerMs);
        }
        return true;
    }

    private void first() {
        timestampMs = in.varbitInt();
        if (floats) {
            for (int i = 0; i < BUCKETS + buckets; i++) {
                values[i] = in.bits(64);
            }
        } else {
            values[COUNT] = in.varbitUint();
            values[ZERO_COUNT] = in.varbitUint();
            values[SUM] = in.bits(64);
            for (int i = BUCKETS; i < BUCKETS + buckets; i++) {
                values[i] = in.varbitInt();
            }
        }
    }

    private void laterInteger() {
        for (int i = COUNT; i < SUM; i++) {
            deltas[i] += in.varbitInt();
            values[i] += deltas[i];
        }
        values[SUM] = in.xor(values[SUM], windows, SUM);
        if (isStale()) {
            return;
        }
        for (int i = BUCKETS; i < BUCKETS + buckets; i++) {
            deltas[i] += in.varbitInt();
            values[i] += deltas[i];
        }
    }

    private void laterFloat() {
        for (int i = COUNT; i <= SUM; i++) {
            values[i] = in.xor(values[i], windows, i);
        }
        if (isStale()) {
            return;
        }
        for (int i = BUCKETS; i < BUCKETS + buckets; i++) {
            values[i] = in.xor(values[i], windows, i);
        }
    }

    long timestampMs() {
        return timestampMs;
    }

    /** When the counting began, 0 where that is not known. */
    long startTimestampMs() {
        return starts.startMs();
    }

    boolean isStale() {
        return values[SUM] == StalenessMarker.BITS;
    }

    long sumBits() {
        return values[SUM];
    }

    /** The count, or its bits. */
    long count() {
        return values[COUNT];
    }

    /** The zero count, or its bits. */
    long zeroCount() {
        return values[ZERO_COUNT];
    }

    /** Writes the counts of all buckets, positive ones first, or their bits. */
    void copyCounts(long[] into) {
        if (floats) {
            System.arraycopy(values, BUCKETS, into, 0, buckets);
            return;
        }
        long count = 0;
        for (int i = 0; i < buckets; i++) {
            count = (i == positive ? 0 : count) + values[BUCKETS + i];
            into[i] = count;
        }
    }

    /** The current sample as a histogram of its own. */
    NativeHistogram histogram() {
        double sum = Double.longBitsToDouble(values[SUM]);
        if (isStale()) {
            return floats
                    ? new FloatHistogram(CounterResetHint.UNKNOWN, NO_BUCKETS, 0, 0, sum, new double[0], new double[0])
                    : new IntegerHistogram(CounterResetHint.UNKNOWN, NO_BUCKETS, 0, 0, sum, new long[0], new long[0]);
        }
        CounterResetHint hint = header.hint(at == 0);
        if (floats) {
            return new FloatHistogram(
                    hint,
                    layout,
                    Double.longBitsToDouble(values[COUNT]),
                    Double.longBitsToDouble(values[ZERO_COUNT]),
                    sum,
                    doubles(BUCKETS, BUCKETS + positive),
                    doubles(BUCKETS + positive, BUCKETS + buckets));
        }
        return new IntegerHistogram(
                hint,
                layout,
                values[COUNT],
                values[ZERO_COUNT],
                sum,
                counts(BUCKETS, BUCKETS + positive),
                counts(BUCKETS + positive, BUCKETS + buckets));
    }

    private double[] doubles(int from, int to) {
        double[] doubles = new double[to - from];
        for (int i = from; i < to; i++) {
            doubles[i - from] = Double.longBitsToDouble(values[i]);
        }
        return doubles;
    }

    private long[] counts(int from, int to) {
        long[] counts = new long[to - from];
        long count = 0;
        for (int i = from; i < to; i++) {
            count += values[i];
            counts[i - from] = count;
        }
        return counts;
    }
}
