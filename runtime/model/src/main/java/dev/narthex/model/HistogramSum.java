// SPDX-License-Identifier: Apache-2.0
package dev.narthex.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sums native histograms with compensation of what rounding loses, in place while their buckets are the same. All have
 * custom buckets or none has. For one thread.
 */
public final class HistogramSum {
    private @Nullable HistogramLayout layout;
    private CounterResetHint hint = CounterResetHint.UNKNOWN;
    private double count;
    private double lostOfCount;
    private double sum;
    private double lostOfSum;
    private double zeroCount;
    private double lostOfZero;
    private double[] positive = HistogramSide.EXACT;
    private double[] lostOfPositive = HistogramSide.EXACT;
    private double[] negative = HistogramSide.EXACT;
    private double[] lostOfNegative = HistogramSide.EXACT;
    private boolean boundsReconciled;
    private boolean resetSeen;
    private boolean notResetSeen;

    public boolean isEmpty() {
        return layout == null;
    }

    /** Whether a histogram may be added: whether it is with custom buckets as those before, or without as they are. */
    public boolean isCompatible(FloatHistogram histogram) {
        return layout == null || layout.hasCustomBuckets() == histogram.layout().hasCustomBuckets();
    }

    /** Whether histograms of different custom bounds were added. */
    public boolean isBoundsReconciled() {
        return boundsReconciled;
    }

    /** Whether one of the histograms is said to be a counter reset and another one not to be. */
    public boolean isResetsConflict() {
        return resetSeen && notResetSeen;
    }

    /**
     * Adds a histogram.
     *
     * @throws IllegalArgumentException when it is not compatible
     */
    public void add(FloatHistogram histogram) {
        if (!isCompatible(histogram)) {
            throw new IllegalArgumentException("histograms with exponential and with custom buckets have no sum");
        }
        noteHint(histogram.counterResetHint());
        double next = count + histogram.count();
        lostOfCount = CompensatedAddition.lost(count, histogram.count(), next, lostOfCount);
        count = next;
        next = sum + histogram.sum();
        lostOfSum = CompensatedAddition.lost(sum, histogram.sum(), next, lostOfSum);
        sum = next;
        HistogramLayout present = layout;
        if (present == null) {
            begin(histogram.layout());
            addSameBuckets(histogram);
        } else if (present.hasSameBuckets(histogram.layout()) && present.isBeyondZeroBucket()) {
            addSameBuckets(histogram);
        } else {
            addBuckets(present, histogram);
        }
    }

    private void noteHint(CounterResetHint added) {
        hint = layout == null ? added : HistogramArithmetic.hintOfSum(hint, added);
        resetSeen |= added == CounterResetHint.RESET;
        notResetSeen |= added == CounterResetHint.NOT_RESET;
    }

    private static void add(double[] sums, double[] lost, double[] values) {
        for (int i = 0; i < values.length; i++) {
            double next = sums[i] + values[i];
            lost[i] = CompensatedAddition.lost(sums[i], values[i], next, lost[i]);
            sums[i] = next;
        }
    }

    private void begin(HistogramLayout first) {
        layout = first;
        positive = new double[first.positiveBuckets()];
        lostOfPositive = new double[positive.length];
        negative = new double[first.negativeBuckets()];
        lostOfNegative = new double[negative.length];
    }

    private void addSameBuckets(FloatHistogram histogram) {
        double next = zeroCount + histogram.zeroCount();
        lostOfZero = CompensatedAddition.lost(zeroCount, histogram.zeroCount(), next, lostOfZero);
        zeroCount = next;
        add(positive, lostOfPositive, histogram.positiveCounts());
        add(negative, lostOfNegative, histogram.negativeCounts());
    }

    private void addBuckets(HistogramLayout present, FloatHistogram histogram) {
        HistogramParts parts = HistogramParts.compensated(
                present,
                zeroCount,
                lostOfZero,
                new HistogramSide(present.positiveIndexes(), positive, lostOfPositive),
                new HistogramSide(present.negativeIndexes(), negative, lostOfNegative));
        boundsReconciled |= parts.add(histogram, 1);
        layout = parts.layout();
        zeroCount = parts.zeroCount();
        lostOfZero = parts.lostOfZero();
        positive = parts.positive().counts().clone();
        lostOfPositive = lostOf(parts.positive());
        negative = parts.negative().counts().clone();
        lostOfNegative = lostOf(parts.negative());
    }

    private static double[] lostOf(HistogramSide side) {
        return side.isCompensated() ? side.lost().clone() : new double[side.size()];
    }

    /** Whether the sum with a histogram would be infinite anywhere. */
    boolean wouldOverflow(FloatHistogram histogram) {
        return layout != null
                && (Double.isInfinite(count + histogram.count())
                        || Double.isInfinite(sum + histogram.sum())
                        || Double.isInfinite(zeroCount + histogram.zeroCount())
                        || wouldOverflow(
                                layout.positiveIndexes(), positive, histogram.positiveSide(HistogramSide.EXACT))
                        || wouldOverflow(
                                layout.negativeIndexes(), negative, histogram.negativeSide(HistogramSide.EXACT)));
    }

    /** Looks at buckets of the same index only: those of other schemas are rare, and merged ones rarely too large. */
    private static boolean wouldOverflow(int[] indexes, double[] counts, HistogramSide added) {
        int at = 0;
        for (int i = 0; i < added.size(); i++) {
            while (at < indexes.length && indexes[at] < added.indexes()[i]) {
                at++;
            }
            double present = at < indexes.length && indexes[at] == added.indexes()[i] ? counts[at] : 0;
            if (Double.isInfinite(present + added.counts()[i])) {
                return true;
            }
        }
        return false;
    }

    /** Multiplies what was added up so far. */
    void scale(double factor) {
        count *= factor;
        lostOfCount *= factor;
        sum *= factor;
        lostOfSum *= factor;
        zeroCount *= factor;
        lostOfZero *= factor;
        scale(positive, factor);
        scale(lostOfPositive, factor);
        scale(negative, factor);
        scale(lostOfNegative, factor);
    }

    private static void scale(double[] values, double factor) {
        for (int i = 0; i < values.length; i++) {
            values[i] *= factor;
        }
    }

    /**
     * The sum, divided by a number, with the buckets that are empty.
     *
     * @throws IllegalStateException when nothing was added
     */
    public FloatHistogram result(double divisor) {
        HistogramLayout present = layout;
        if (present == null) {
            throw new IllegalStateException("sum of no histogram");
        }
        return FloatHistogram.of(
                hint,
                present,
                count / divisor + lostOfCount / divisor,
                zeroCount / divisor + lostOfZero / divisor,
                sum / divisor + lostOfSum / divisor,
                total(positive, lostOfPositive, divisor),
                total(negative, lostOfNegative, divisor));
    }

    private static double[] total(double[] sums, double[] lost, double divisor) {
        double[] totals = new double[sums.length];
        for (int i = 0; i < totals.length; i++) {
            totals[i] = sums[i] / divisor + lost[i] / divisor;
        }
        return totals;
    }

    /** The custom bounds of the sum so far. */
    public List<Double> customValues() {
        return layout == null ? List.of() : layout.customValues();
    }
}
