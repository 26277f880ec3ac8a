// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.value;

import dev.narthex.model.FloatHistogram;
import dev.narthex.model.Labels;
import org.jspecify.annotations.Nullable;

/**
 * A series with samples in ascending order of time, kept as columns: either a value for each step of the query that has
 * one, or samples with timestamps of their own.
 */
public final class MatrixSeries {
    private final Labels labels;
    private final double[] values;
    private final int size;

    /** The time of each value, null where they are on steps. */
    private final long @Nullable [] timestampsMs;

    /** The steps that have a value, empty where the values have times of their own. */
    private final long[] present;

    private final long startMs;
    private final long stepMs;
    /** The native histograms in place of values, null where there is none. */
    private final @Nullable FloatHistogram @Nullable [] histograms;

    /** The native histograms beside values, null where there is none. */
    private final @Nullable FloatHistogram @Nullable [] beside;

    private MatrixSeries(
            Labels labels,
            double[] values,
            @Nullable FloatHistogram @Nullable [] histograms,
            int size,
            long @Nullable [] timestampsMs,
            long[] present,
            long startMs,
            long stepMs,
            @Nullable FloatHistogram @Nullable [] beside) {
        this.beside = beside;
        this.labels = labels;
        this.values = values;
        this.histograms = histograms;
        this.size = size;
        this.timestampsMs = timestampsMs;
        this.present = present;
        this.startMs = startMs;
        this.stepMs = stepMs;
    }

    /** Takes the floats of a series one by one. */
    @FunctionalInterface
    public interface PointVisitor {
        void point(long timestampMs, double value);
    }

    /** Takes the native histograms of a series one by one. */
    @FunctionalInterface
    public interface HistogramVisitor {
        void histogram(long timestampMs, FloatHistogram histogram);
    }

    /**
     * A series on the steps of a query. The arrays belong to it from then on.
     *
     * @param startMs the time of the first step
     * @param values a value for each step
     * @param histograms the steps that have a native histogram in place of a value, null where there is none
     * @param present a bit for each step, from the lowest of the first word on: whether there is a value
     */
    public static MatrixSeries onSteps(
            Labels labels,
            long startMs,
            long stepMs,
            double[] values,
            @Nullable FloatHistogram @Nullable [] histograms,
            long[] present) {
        int size = 0;
        for (long word : present) {
            size += Long.bitCount(word);
        }
        return new MatrixSeries(labels, values, histograms, size, null, present, startMs, stepMs, null);
    }

    /**
     * A series with timestamps of its own. The arrays belong to it from then on.
     *
     * @param histograms the native histograms in place of values, null where there is none
     */
    public static MatrixSeries timed(
            Labels labels, long[] timestampsMs, double[] values, @Nullable FloatHistogram @Nullable [] histograms) {
        return new MatrixSeries(labels, values, histograms, values.length, timestampsMs, new long[0], 0, 0, null);
    }

    /**
     * This series, that has native histograms beside its floats.
     *
     * @param others the steps that have both a value and a native histogram, null for each other step
     */
    public MatrixSeries withHistogramsBeside(@Nullable FloatHistogram[] others) {
        int more = 0;
        for (FloatHistogram other : others) {
            more += other == null ? 0 : 1;
        }
        return new MatrixSeries(
                labels, values, histograms, size + more, timestampsMs, present, startMs, stepMs, others);
    }

    public Labels labels() {
        return labels;
    }

    /** How many points there are. */
    public int size() {
        return size;
    }

    /** How many of the points are native histograms. */
    public int histogramCount() {
        int[] count = new int[1];
        forEachHistogram((timestampMs, histogram) -> count[0]++);
        return count[0];
    }

    /** Shows the floats to a visitor, in order of time. */
    public void forEach(PointVisitor visitor) {
        @Nullable FloatHistogram[] all = histograms;
        forEachIndex((timestampMs, index) -> {
            if (all == null || all[index] == null) {
                visitor.point(timestampMs, values[index]);
            }
        });
    }

    /** Shows the native histograms to a visitor, in order of time. */
    public void forEachHistogram(HistogramVisitor visitor) {
        @Nullable FloatHistogram[] all = histograms;
        @Nullable FloatHistogram[] others = beside;
        if (all == null && others == null) {
            return;
        }
        forEachIndex((timestampMs, index) -> {
            FloatHistogram histogram = all == null ? null : all[index];
            if (histogram == null && others != null) {
                histogram = others[index];
            }
            if (histogram != null) {
                visitor.histogram(timestampMs, histogram);
            }
        });
    }

    @FunctionalInterface
    private interface IndexVisitor {
        void index(long timestampMs, int index);
    }

    private void forEachIndex(IndexVisitor visitor) {
        long[] times = timestampsMs;
        if (times != null) {
            for (int i = 0; i < times.length; i++) {
                visitor.index(times[i], i);
            }
            return;
        }
        for (int word = 0; word < present.length; word++) {
            for (long bits = present[word]; bits != 0; bits &= bits - 1) {
                int step = word * Long.SIZE + Long.numberOfTrailingZeros(bits);
                visitor.index(startMs + step * stepMs, step);
            }
        }
    }

    /** The labels and the points, for logs and failed tests. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(labels.toString()).append(" =>");
        forEach((timestampMs, value) ->
                text.append(' ').append(value).append('@').append(timestampMs));
        forEachHistogram((timestampMs, histogram) ->
                text.append(' ').append(histogram).append('@').append(timestampMs));
        return text.toString();
    }
}
