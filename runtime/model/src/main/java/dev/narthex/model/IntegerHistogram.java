// SPDX-License-Identifier: Apache-2.0
package dev.narthex.model;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A native histogram that counts whole observations, as an instrumented process makes it. What is decoded need not be
 * one: {@link #validate} says whether its counts make sense.
 */
public final class IntegerHistogram implements NativeHistogram {
    private final CounterResetHint counterResetHint;
    private final HistogramLayout layout;
    private final long count;
    private final long zeroCount;
    private final double sum;
    private final long[] positiveCounts;
    private final long[] negativeCounts;

    /**
     * Makes a histogram of its parts; the arrays are copied.
     *
     * @param count all observations; those that are not a number are in no bucket
     * @param zeroCount observations in the zero bucket
     * @param sum the sum of all observations
     * @param positiveCounts one count for each bucket of the positive spans
     * @param negativeCounts one count for each bucket of the negative spans
     * @throws InvalidHistogramException when there are not as many counts as the spans cover buckets
     */
    public IntegerHistogram(
            CounterResetHint counterResetHint,
            HistogramLayout layout,
            long count,
            long zeroCount,
            double sum,
            long[] positiveCounts,
            long[] negativeCounts) {
        this.counterResetHint = counterResetHint;
        this.layout = layout;
        this.count = count;
        this.zeroCount = zeroCount;
        this.sum = sum;
        this.positiveCounts = positiveCounts.clone();
        this.negativeCounts = negativeCounts.clone();
        HistogramLayout.checkLength("positive", layout.positiveBuckets(), positiveCounts.length);
        HistogramLayout.checkLength("negative", layout.negativeBuckets(), negativeCounts.length);
    }

    @Override
    public void validate() {
        HistogramValidation.check(this);
    }

    @Override
    public FloatHistogram toFloat() {
        double[] positive = new double[positiveCounts.length];
        for (int i = 0; i < positive.length; i++) {
            positive[i] = positiveCounts[i];
        }
        double[] negative = new double[negativeCounts.length];
        for (int i = 0; i < negative.length; i++) {
            negative[i] = negativeCounts[i];
        }
        return new FloatHistogram(counterResetHint, layout, count, zeroCount, sum, positive, negative);
    }

    @Override
    public CounterResetHint counterResetHint() {
        return counterResetHint;
    }

    @Override
    public HistogramLayout layout() {
        return layout;
    }

    /** This histogram with another hint. */
    public IntegerHistogram withHint(CounterResetHint hint) {
        return hint == counterResetHint
                ? this
                : new IntegerHistogram(hint, layout, count, zeroCount, sum, positiveCounts, negativeCounts);
    }

    /** All observations. */
    public long count() {
        return count;
    }

    /** Observations in the zero bucket. */
    public long zeroCount() {
        return zeroCount;
    }

    @Override
    public double sum() {
        return sum;
    }

    /** Observations in a bucket of the positive side, by its position among those the spans cover. */
    public long positiveCount(int position) {
        return positiveCounts[position];
    }

    /** Observations in a bucket of the negative side, by its position among those the spans cover. */
    public long negativeCount(int position) {
        return negativeCounts[position];
    }

    @Override
    public boolean equals(@Nullable Object object) {
        return object instanceof IntegerHistogram other
                && counterResetHint == other.counterResetHint
                && layout.equals(other.layout)
                && count == other.count
                && zeroCount == other.zeroCount
                && Double.doubleToRawLongBits(sum) == Double.doubleToRawLongBits(other.sum)
                && Arrays.equals(positiveCounts, other.positiveCounts)
                && Arrays.equals(negativeCounts, other.negativeCounts);
    }

    @Override
    public int hashCode() {
        int hash = 31 * layout.hashCode() + Long.hashCode(count);
        return 31 * (31 * hash + Arrays.hashCode(positiveCounts)) + Arrays.hashCode(negativeCounts);
    }

    @Override
    public String toString() {
        return "histogram count=" + count + " sum=" + GoFloat.general(sum) + " buckets=" + buckets();
    }
}
