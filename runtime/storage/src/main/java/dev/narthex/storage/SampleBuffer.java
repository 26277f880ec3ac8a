// SPDX-License-Identifier: Apache-2.0
package dev.narthex.storage;

import dev.narthex.model.NativeHistogram;
import dev.narthex.model.StalenessMarker;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Samples of one series as columns, reused from series to series. The arrays are there to be read and written
 * directly: entries from {@code 0} to {@code size() - 1} count. For one thread.
 *
 * <p>The column of histograms is there only once a histogram was added: a sample with a histogram in it is a native
 * histogram, every other one a float. The value of a histogram sample is its sum, so that a staleness marker is seen in
 * the column of values whatever the type. The column of start timestamps is there only once one was added; 0 means that
 * none is known.
 */
public final class SampleBuffer {
    private static final int INITIAL_CAPACITY = 256;

    /** How many samples of a column are copied at once when the buffer grows. */
    static final int PIECE = 1 << 18;

    private final Growth growth;
    private long[] timestampsMs = new long[INITIAL_CAPACITY];
    private double[] values = new double[INITIAL_CAPACITY];
    private @Nullable NativeHistogram @Nullable [] histograms;
    private long @Nullable [] startTimestampsMs;
    private boolean withHistograms;
    private boolean withStartTimestamps;
    private int size;

    /** Is asked before a buffer grows, and told before it is filled. */
    @FunctionalInterface
    public interface Growth {
        /**
         * Lets the buffer grow, or throws what keeps it from growing; the buffer is as it was then.
         *
         * @param buffer as it is
         * @param capacity for how many samples it is going to have room
         */
        void grow(SampleBuffer buffer, int capacity);

        /**
         * A decoder is about to fill in samples, or so many are about to be copied; may throw to end it.
         *
         * @param samples how many at most
         */
        default void fill(int samples) {}
    }

    /** A buffer that grows as it must. */
    public SampleBuffer() {
        this((buffer, capacity) -> {});
    }

    /** A buffer that asks before it grows. */
    public SampleBuffer(Growth growth) {
        this.growth = growth;
    }

    public int size() {
        return size;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    public long timestampMs(int index) {
        return timestampsMs[index];
    }

    public double value(int index) {
        return values[index];
    }

    /** The column of timestamps; replaced by a larger one when the buffer grows. */
    public long[] timestampsMs() {
        return timestampsMs;
    }

    /** The column of values; replaced by a larger one when the buffer grows. */
    public double[] values() {
        return values;
    }

    public void add(long timestampMs, double value) {
        grow(1);
        timestampsMs[size] = timestampMs;
        values[size] = value;
        size++;
    }

    /** Adds a native histogram; its sum stands in the column of values. */
    public void add(long timestampMs, NativeHistogram histogram) {
        add(timestampMs, histogram.isStale() ? StalenessMarker.VALUE : histogram.sum());
        histogramsForWriting()[size - 1] = histogram;
    }

    /** Says when the counting began that the last sample shows, milliseconds since 1970. */
    public void startTimestamp(long startTimestampMs) {
        startTimestampsForWriting()[size - 1] = startTimestampMs;
    }

    /** Whether any sample may be a histogram. */
    public boolean hasHistograms() {
        return withHistograms;
    }

    /** The histogram of a sample, null for a float. */
    public @Nullable NativeHistogram histogram(int index) {
        return withHistograms && histograms != null ? histograms[index] : null;
    }

    /** Whether any sample may have a start timestamp. */
    public boolean hasStartTimestamps() {
        return withStartTimestamps;
    }

    /** When the counting began that a sample shows, milliseconds since 1970, 0 where that is not known. */
    public long startTimestampMs(int index) {
        return withStartTimestamps && startTimestampsMs != null ? startTimestampsMs[index] : 0;
    }

    /** The column of histograms for a decoder that writes the columns itself: as long as the others, null for floats. */
    public @Nullable NativeHistogram[] histogramsForWriting() {
        if (histograms == null || histograms.length < timestampsMs.length) {
            histograms = histograms == null
                    ? new NativeHistogram[timestampsMs.length]
                    : Arrays.copyOf(histograms, timestampsMs.length);
        }
        withHistograms = true;
        return histograms;
    }

    /** The column of start timestamps for a decoder that writes the columns itself: as long as the others. */
    public long[] startTimestampsForWriting() {
        if (startTimestampsMs == null || startTimestampsMs.length < timestampsMs.length) {
            long[] more = new long[timestampsMs.length];
            if (startTimestampsMs != null) {
                copy(startTimestampsMs, more, Math.min(size, startTimestampsMs.length));
            }
            startTimestampsMs = more;
        }
        withStartTimestamps = true;
        return startTimestampsMs;
    }

    /** For how many samples there is room. */
    public int capacity() {
        return timestampsMs.length;
    }

    /** Makes room for more samples behind the present ones, for a decoder that writes the columns itself. */
    public void reserve(int more) {
        growth.fill(more);
        grow(more);
    }

    private void grow(int more) {
        int needed = Math.addExact(size, more);
        if (needed > timestampsMs.length) {
            int capacity = Math.max(needed, 2 * timestampsMs.length);
            growth.grow(this, capacity);
            // Ended between two pieces, the buffer is as it was.
            double[] moreValues = new double[capacity];
            copy(values, moreValues, size);
            long[] moreTimestamps = new long[capacity];
            copy(timestampsMs, moreTimestamps, size);
            timestampsMs = moreTimestamps;
            values = moreValues;
            if (withHistograms) {
                histogramsForWriting();
            }
            if (withStartTimestamps) {
                startTimestampsForWriting();
            }
        }
    }

    /** Copies a column in pieces: of many millions of samples all of it would take too long. */
    @SuppressWarnings("SuspiciousSystemArraycopy") // both are arrays of the same type
    private void copy(Object from, Object to, int count) {
        for (int at = 0; at < count; at += PIECE) {
            int length = Math.min(PIECE, count - at);
            growth.fill(length);
            System.arraycopy(from, at, to, at, length);
        }
    }

    /** Sets how many entries count, after a decoder has written the columns itself. */
    public void setSize(int newSize) {
        if (newSize < 0 || newSize > timestampsMs.length) {
            throw new IndexOutOfBoundsException("sample buffer: size " + newSize + " of " + timestampsMs.length);
        }
        size = newSize;
    }

    /** Takes the last samples out again. */
    public void truncate(int newSize) {
        if (newSize < 0 || newSize > size) {
            throw new IndexOutOfBoundsException("sample buffer: size " + newSize + " of " + size);
        }
        if (withHistograms && histograms != null) {
            Arrays.fill(histograms, newSize, size, null);
        }
        if (withStartTimestamps && startTimestampsMs != null) {
            Arrays.fill(startTimestampsMs, newSize, size, 0);
        }
        size = newSize;
    }

    public void clear() {
        if (withHistograms && histograms != null) {
            Arrays.fill(histograms, null);
            withHistograms = false;
        }
        if (withStartTimestamps && startTimestampsMs != null) {
            Arrays.fill(startTimestampsMs, 0);
            withStartTimestamps = false;
        }
        size = 0;
    }
}
