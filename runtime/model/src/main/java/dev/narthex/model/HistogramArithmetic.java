// SPDX-License-Identifier: Apache-2.0
package dev.narthex.model;

/**
 * Sums and differences of native histograms. The result has the coarser schema, the wider zero bucket (wider still where
 * it would end within a bucket with observations), and of different custom bounds the common ones. Histograms with custom
 * buckets and others have no sum: see {@link FloatHistogram#isCompatible}.
 */
public final class HistogramArithmetic {
    private HistogramArithmetic() {}

    /**
     * A sum or a difference.
     *
     * @param histogram the result
     * @param boundsReconciled whether the operands had different custom bounds
     * @param resetsConflict whether one operand is said to be a counter reset and the other not to be
     */
    public record Outcome(FloatHistogram histogram, boolean boundsReconciled, boolean resetsConflict) {}

    /**
     * Adds two histograms.
     *
     * @throws IllegalArgumentException when only one of them has custom buckets
     */
    public static Outcome add(FloatHistogram left, FloatHistogram right) {
        return combine(left, right, 1, hintOfSum(left.counterResetHint(), right.counterResetHint()));
    }

    /**
     * Subtracts a histogram from another; the difference is a gauge.
     *
     * @throws IllegalArgumentException when only one of them has custom buckets
     */
    public static Outcome subtract(FloatHistogram left, FloatHistogram right) {
        return combine(left, right, -1, CounterResetHint.GAUGE);
    }

    private static Outcome combine(FloatHistogram left, FloatHistogram right, double factor, CounterResetHint hint) {
        if (!left.isCompatible(right)) {
            throw new IllegalArgumentException("histograms with exponential and with custom buckets have no sum");
        }
        boolean conflict = conflict(left.counterResetHint(), right.counterResetHint());
        double count = left.count() + factor * right.count();
        double sum = left.sum() + factor * right.sum();
        if (left.layout().hasSameBuckets(right.layout()) && left.layout().isBeyondZeroBucket()) {
            return new Outcome(
                    FloatHistogram.of(
                            hint,
                            left.layout(),
                            count,
                            left.zeroCount() + factor * right.zeroCount(),
                            sum,
                            plus(left.positiveCounts(), right.positiveCounts(), factor),
                            plus(left.negativeCounts(), right.negativeCounts(), factor)),
                    false,
                    conflict);
        }
        HistogramParts result = new HistogramParts(left);
        boolean reconciled = result.add(right, factor);
        return new Outcome(result.toHistogram(hint, count, sum), reconciled, conflict);
    }

    private static double[] plus(double[] left, double[] right, double factor) {
        double[] sums = new double[left.length];
        for (int i = 0; i < sums.length; i++) {
            sums[i] = left[i] + factor * right[i];
        }
        return sums;
    }

    /** What is known of the sum of two histograms: a gauge if one is, otherwise what both say. */
    public static CounterResetHint hintOfSum(CounterResetHint left, CounterResetHint right) {
        if (left == right) {
            return left;
        }
        return left == CounterResetHint.GAUGE || right == CounterResetHint.GAUGE
                ? CounterResetHint.GAUGE
                : CounterResetHint.UNKNOWN;
    }

    /** Whether one histogram is said to be a counter reset and the other not to be, so that they have no sum. */
    public static boolean conflict(CounterResetHint left, CounterResetHint right) {
        return (left == CounterResetHint.RESET && right == CounterResetHint.NOT_RESET)
                || (left == CounterResetHint.NOT_RESET && right == CounterResetHint.RESET);
    }
}
