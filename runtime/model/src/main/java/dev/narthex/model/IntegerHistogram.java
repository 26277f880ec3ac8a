// SPDX-License-Identifier: Apache-2.0
package dev.narthex.model;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A native histogram that counts whole observations, as an instrumented process makes it. */
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
     * @throws IllegalArgumentException when the parts do not belong together; the message says which
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
        checkLength("positive", layout.positiveBuckets(), positiveCounts.length);
        checkLength("negative", layout.negativeBuckets(), negativeCounts.length);
        checkCounts();
    }

    private void checkCounts() {
        if (layout.hasCustomBuckets() && zeroCount != 0) {
            throw new IllegalArgumentException(
                    "histogram: zero count with custom buckets, found " + zeroCount + "; it is 0");
        }
        long inBuckets = zeroCount;
        for (long bucket : positiveCounts) {
            inBuckets = Math.addExact(inBuckets, checkNotNegative(bucket));
        }
        for (long bucket : negativeCounts) {
            inBuckets = Math.addExact(inBuckets, checkNotNegative(bucket));
        }
        checkNotNegative(zeroCount);
        boolean sumHidesObservations = Double.isNaN(sum);
        if (sumHidesObservations ? count < inBuckets : count != inBuckets) {
            throw new IllegalArgumentException("histogram: " + inBuckets + " observations in buckets, found count "
                    + count + "; they are equal" + (sumHidesObservations ? " or more" : ""));
        }
    }

    private static long checkNotNegative(long bucket) {
        if (bucket < 0) {
            throw new IllegalArgumentException("histogram: negative bucket count, found " + bucket);
        }
        return bucket;
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

    private static void checkLength(String side, int expected, int found) {
        if (expected != found) {
            throw new IllegalArgumentException(
                    "histogram: " + side + " spans cover " + expected + " buckets, found counts for " + found);
        }
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
