// SPDX-License-Identifier: Apache-2.0
package dev.narthex.model;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A native histogram with fractional counts, as calculations make it: any count may be negative, infinite or not a
 * number. {@link #validate} says whether it could be what a process has observed.
 */
public final class FloatHistogram implements NativeHistogram {
    private static final double[] NO_COUNTS = {};
    /** What a histogram without buckets has, found by comparison. */
    private static final int FIXED_BYTES = 176;

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
        this(counterResetHint, layout, positiveCounts.clone(), negativeCounts.clone(), count, zeroCount, sum);
    }

    private FloatHistogram(
            CounterResetHint counterResetHint,
            HistogramLayout layout,
            double[] positiveCounts,
            double[] negativeCounts,
            double count,
            double zeroCount,
            double sum) {
        this.counterResetHint = counterResetHint;
        this.layout = layout;
        this.count = count;
        this.zeroCount = zeroCount;
        this.sum = sum;
        this.positiveCounts = positiveCounts;
        this.negativeCounts = negativeCounts;
        HistogramLayout.checkLength("positive", layout.positiveBuckets(), positiveCounts.length);
        HistogramLayout.checkLength("negative", layout.negativeBuckets(), negativeCounts.length);
    }

    /** Makes a histogram of its parts without copying: the arrays belong to it from then on. */
    public static FloatHistogram of(
            CounterResetHint counterResetHint,
            HistogramLayout layout,
            double count,
            double zeroCount,
            double sum,
            double[] positiveCounts,
            double[] negativeCounts) {
        return new FloatHistogram(counterResetHint, layout, positiveCounts, negativeCounts, count, zeroCount, sum);
    }

    /** A histogram without observations and buckets. */
    public static FloatHistogram empty(int schema, double zeroThreshold, List<Double> customValues) {
        return of(
                CounterResetHint.UNKNOWN,
                new HistogramLayout(schema, zeroThreshold, List.of(), List.of(), customValues),
                0,
                0,
                0,
                NO_COUNTS,
                NO_COUNTS);
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

    double[] positiveCounts() {
        return positiveCounts;
    }

    double[] negativeCounts() {
        return negativeCounts;
    }

    HistogramSide positiveSide(double[] lost) {
        return new HistogramSide(layout.positiveIndexes(), positiveCounts, lost);
    }

    HistogramSide negativeSide(double[] lost) {
        return new HistogramSide(layout.negativeIndexes(), negativeCounts, lost);
    }

    /** Whether both have custom buckets or both have not, so that they have a sum. */
    public boolean isCompatible(FloatHistogram other) {
        return layout.hasCustomBuckets() == other.layout.hasCustomBuckets();
    }

    /** Whether its counter was reset after another histogram of its series: what its hint says, or else the counts. */
    public boolean isResetAfter(FloatHistogram before) {
        return CounterResets.between(before, this);
    }

    /** How many bytes it has with its timestamp in the memory of a Prometheus, which counts samples by that. */
    public int sizeBytes() {
        int spans = layout.positiveSpans().size() + layout.negativeSpans().size();
        int numbers = positiveCounts.length
                + negativeCounts.length
                + layout.customValues().size();
        return FIXED_BYTES + 8 * (spans + numbers);
    }

    public FloatHistogram withHint(CounterResetHint hint) {
        return hint == counterResetHint
                ? this
                : of(hint, layout, count, zeroCount, sum, positiveCounts, negativeCounts);
    }

    /** The same counts with another sum. */
    public FloatHistogram withSum(double newSum) {
        return of(counterResetHint, layout, count, zeroCount, newSum, positiveCounts, negativeCounts);
    }

    /** Count, sum and schema alone, without buckets and custom bounds. */
    public FloatHistogram withoutBuckets() {
        return of(
                counterResetHint,
                new HistogramLayout(layout.schema(), 0, List.of(), List.of(), List.of()),
                count,
                0,
                sum,
                NO_COUNTS,
                NO_COUNTS);
    }

    /** All counts and the sum times a factor; a gauge where that is negative. */
    public FloatHistogram times(double factor) {
        return of(
                factor < 0 ? CounterResetHint.GAUGE : counterResetHint,
                layout,
                count * factor,
                layout.hasCustomBuckets() ? emptyZeroBucket(factor) : zeroCount * factor,
                sum * factor,
                times(positiveCounts, factor),
                times(negativeCounts, factor));
    }

    /** Custom buckets have no zero bucket, but Prometheus scales an empty one, and {@link #isSame} sees its sign. */
    private static double emptyZeroBucket(double factor) {
        return Math.copySign(0, factor);
    }

    private static double[] times(double[] counts, double factor) {
        double[] products = new double[counts.length];
        for (int i = 0; i < products.length; i++) {
            products[i] = counts[i] * factor;
        }
        return products;
    }

    /**
     * All counts and the sum divided by a number; a gauge where that is negative. Divided by 0 it has no buckets but the
     * zero bucket: their counts would be infinite, or not a number where they are empty.
     */
    public FloatHistogram dividedBy(double divisor) {
        boolean bucketsKept = divisor != 0;
        return of(
                divisor < 0 ? CounterResetHint.GAUGE : counterResetHint,
                bucketsKept ? layout : layout.withoutBuckets(),
                count / divisor,
                layout.hasCustomBuckets() ? emptyZeroBucket(divisor) : zeroCount / divisor,
                sum / divisor,
                bucketsKept ? dividedBy(positiveCounts, divisor) : NO_COUNTS,
                bucketsKept ? dividedBy(negativeCounts, divisor) : NO_COUNTS);
    }

    private static double[] dividedBy(double[] counts, double divisor) {
        double[] quotients = new double[counts.length];
        for (int i = 0; i < quotients.length; i++) {
            quotients[i] = counts[i] / divisor;
        }
        return quotients;
    }

    /** Without the buckets that are empty, in as few spans as can be; itself where it is so already. */
    public FloatHistogram compact() {
        if (!hasEmpty(positiveCounts) && !hasEmpty(negativeCounts) && layout.hasSeparateSpans()) {
            return this;
        }
        HistogramParts parts = new HistogramParts(this);
        parts.compact();
        return parts.toHistogram(counterResetHint, count, sum);
    }

    private static boolean hasEmpty(double[] counts) {
        for (double bucket : counts) {
            if (bucket == 0) {
                return true;
            }
        }
        return false;
    }

    /** This histogram in a coarser schema; itself where the schema is not coarser, or its buckets are custom ones. */
    public FloatHistogram reducedTo(int schema) {
        if (layout.hasCustomBuckets() || schema >= layout.schema()) {
            return this;
        }
        HistogramParts parts = new HistogramParts(this);
        parts.reduceTo(schema);
        return parts.toHistogram(counterResetHint, count, sum);
    }

    /**
     * Whether count, sum, spans and all buckets, empty ones too, are the same to the bit: so a not-a-number equals itself, and 0
     * does not equal -0. The hints may differ. This is what Prometheus takes as equal.
     */
    public boolean isSame(FloatHistogram other) {
        return sameBits(count, other.count)
                && sameBits(zeroCount, other.zeroCount)
                && sameBits(sum, other.sum)
                && layout.hasSameSpans(other.layout)
                && sameBits(positiveCounts, other.positiveCounts)
                && sameBits(negativeCounts, other.negativeCounts);
    }

    private static boolean sameBits(double left, double right) {
        return Double.doubleToRawLongBits(left) == Double.doubleToRawLongBits(right);
    }

    private static boolean sameBits(double[] left, double[] right) {
        for (int i = 0; i < left.length; i++) {
            if (!sameBits(left[i], right[i])) {
                return false;
            }
        }
        return left.length == right.length;
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

    /** Count, sum and buckets as Prometheus prints them: {@code {count:3, sum:4.5, (0.5,1]:3}}. */
    @Override
    public String toString() {
        return HistogramText.of(this);
    }
}
