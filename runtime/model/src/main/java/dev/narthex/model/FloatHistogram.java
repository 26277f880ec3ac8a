// SPDX-License-Identifier: Apache-2.0
package dev.narthex.model;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A native histogram with fractional counts, as calculations make it: any count may be negative, infinite or not a
 * number. {@link #validate} says whether it could be what a process has observed.
 */
public final class FloatHistogram implements NativeHistogram {
    private final CounterResetHint counterResetHint;
    private final HistogramLayout layout;
    private final double count;
    private final double zeroCount;
    private final double sum;
    private final double[] positiveCounts;
    private final double[] negativeCounts;

    /**
     * Makes a histogram of its parts; the arrays are copied.
     *
     * @param count all observations, rounding differences to the buckets allowed
     * @param zeroCount observations in the zero bucket
     * @param sum the sum of all observations
     * @param positiveCounts one count for each bucket of the positive spans
     * @param negativeCounts one count for each bucket of the negative spans
     * @throws InvalidHistogramException when there are not as many counts as the spans cover buckets
     */
    public FloatHistogram(
            CounterResetHint counterResetHint,
            HistogramLayout layout,
            double count,
            double zeroCount,
            double sum,
            double[] positiveCounts,
            double[] negativeCounts) {
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
        return this;
    }

    @Override
    public CounterResetHint counterResetHint() {
        return counterResetHint;
    }

    @Override
    public HistogramLayout layout() {
        return layout;
    }

    /** All observations. */
    public double count() {
        return count;
    }

    /** Observations in the zero bucket. */
    public double zeroCount() {
        return zeroCount;
    }

    @Override
    public double sum() {
        return sum;
    }

    /** Observations in a bucket of the positive side, by its position among those the spans cover. */
    public double positiveCount(int position) {
        return positiveCounts[position];
    }

    /** Observations in a bucket of the negative side, by its position among those the spans cover. */
    public double negativeCount(int position) {
        return negativeCounts[position];
    }

    @Override
    public boolean equals(@Nullable Object object) {
        return object instanceof FloatHistogram other
                && counterResetHint == other.counterResetHint
                && layout.equals(other.layout)
                && Double.compare(count, other.count) == 0
                && Double.compare(zeroCount, other.zeroCount) == 0
                && Double.doubleToRawLongBits(sum) == Double.doubleToRawLongBits(other.sum)
                && Arrays.equals(positiveCounts, other.positiveCounts)
                && Arrays.equals(negativeCounts, other.negativeCounts);
    }

    @Override
    public int hashCode() {
        int hash = 31 * layout.hashCode() + Double.hashCode(count);
        return 31 * (31 * hash + Arrays.hashCode(positiveCounts)) + Arrays.hashCode(negativeCounts);
    }

    @Override
    public String toString() {
        return "histogram count=" + GoFloat.general(count) + " sum=" + GoFloat.general(sum) + " buckets=" + buckets();
    }
}
