// SPDX-License-Identifier: Apache-2.0
package dev.narthex.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A histogram taken apart, to be brought to the layout of another one: a coarser schema, a wider zero bucket, fewer custom
 * bounds. Source: Prometheus, "Native Histograms" specification, sections "Schema", "Zero bucket" and "Custom values".
 * Changed by its methods; for one thread.
 */
final class HistogramParts {
    private int schema;
    private double zeroThreshold;
    private double zeroCount;
    private double lostOfZero;
    private HistogramSide positive;
    private HistogramSide negative;
    private List<Double> customValues;

    HistogramParts(FloatHistogram histogram) {
        this(
                histogram.layout(),
                histogram.zeroCount(),
                0,
                histogram.positiveSide(HistogramSide.EXACT),
                histogram.negativeSide(HistogramSide.EXACT));
    }

    HistogramParts(
            HistogramLayout layout,
            double zeroCount,
            double lostOfZero,
            HistogramSide positive,
            HistogramSide negative) {
        this.schema = layout.schema();
        this.zeroThreshold = layout.zeroThreshold();
        this.customValues = layout.customValues();
        this.zeroCount = zeroCount;
        this.lostOfZero = lostOfZero;
        this.positive = positive;
        this.negative = negative;
    }

    double zeroCount() {
        return zeroCount;
    }

    double lostOfZero() {
        return lostOfZero;
    }

    HistogramSide positive() {
        return positive;
    }

    HistogramSide negative() {
        return negative;
    }

    private boolean hasCustomBuckets() {
        return schema == HistogramLayout.CUSTOM_BUCKETS;
    }

    /** The layout that these parts have. */
    HistogramLayout layout() {
        return HistogramLayout.ofIndexes(schema, zeroThreshold, positive.indexes(), negative.indexes(), customValues);
    }

    /**
     * Brings two histograms, both with custom buckets or neither, to one layout.
     *
     * @return whether they had different custom bounds, of which only the common ones are left
     */
    static boolean align(HistogramParts left, HistogramParts right) {
        boolean reconciled = alignBounds(left, right);
        left.positive = left.positive.withBucketsOf(right.positive.indexes());
        left.negative = left.negative.withBucketsOf(right.negative.indexes());
        right.positive = right.positive.withBucketsOf(left.positive.indexes());
        right.negative = right.negative.withBucketsOf(left.negative.indexes());
        return reconciled;
    }

    /** As {@link #align}, but each keeps the buckets that it has. */
    static boolean alignBounds(HistogramParts left, HistogramParts right) {
        boolean reconciled = false;
        if (left.hasCustomBuckets()) {
            reconciled = !left.customValues.equals(right.customValues);
            if (reconciled) {
                List<Double> common = common(left.customValues, right.customValues);
                left.keepBounds(common);
                right.keepBounds(common);
            }
        } else {
            HistogramSide rightPositive = right.positive;
            HistogramSide rightNegative = right.negative;
            double before = right.zeroThreshold;
            alignZeroBuckets(left, right);
            int coarser = Math.min(left.schema, right.schema);
            left.reduceTo(coarser);
            if (right.zeroThreshold > before && right.schema > coarser) {
                // As in Prometheus: what the zero bucket has swallowed of a bucket that the threshold is within once
                // the
                // schema is coarser is in that bucket, too.
                right.positive = rightPositive;
                right.negative = rightNegative;
                right.reduceTo(coarser);
                right.positive = right.beyondZeroBucket(right.positive);
                right.negative = right.beyondZeroBucket(right.negative);
            } else {
                right.reduceTo(coarser);
            }
        }
        return reconciled;
    }

    private static void alignZeroBuckets(HistogramParts left, HistogramParts right) {
        while (left.zeroThreshold < right.zeroThreshold || right.zeroThreshold < left.zeroThreshold) {
            if (left.zeroThreshold < right.zeroThreshold) {
                left.widenZeroBucket(right.zeroThreshold);
                // As in Prometheus: with that go the empty buckets of the one that is added to.
                left.positive = left.positive.withoutEmpty();
                left.negative = left.negative.withoutEmpty();
            } else {
                right.widenZeroBucket(left.zeroThreshold);
            }
        }
    }

    /** Goes to a coarser schema, if it is one. */
    void reduceTo(int coarser) {
        if (coarser < schema && !hasCustomBuckets()) {
            positive = positive.coarser(schema - coarser);
            negative = negative.coarser(schema - coarser);
            schema = coarser;
        }
    }

    /**
     * Widens the zero bucket to a threshold, or to the end of a bucket with observations in the midst of which that is;
     * the buckets within become part of it.
     *
     * @return whether the threshold was within a bucket with observations
     */
    boolean widenZeroBucket(double threshold) {
        double wide = threshold;
        double before;
        do {
            before = wide;
            wide = endOfBucketAround(positive, wide);
            wide = endOfBucketAround(negative, wide);
        } while (wide > before);
        boolean within = wide > threshold;
        positive = swallow(positive, wide);
        negative = swallow(negative, wide);
        zeroThreshold = wide;
        return within;
    }

    private double endOfBucketAround(HistogramSide side, double threshold) {
        for (int i = 0; i < side.size(); i++) {
            int index = side.indexes()[i];
            if (bound(index - 1) >= threshold) {
                break;
            }
            if (side.counts()[i] != 0 && bound(index) > threshold) {
                return bound(index);
            }
        }
        return threshold;
    }

    private HistogramSide swallow(HistogramSide side, double threshold) {
        int within = 0;
        while (within < side.size() && bound(side.indexes()[within] - 1) < threshold) {
            double count = side.counts()[within];
            double sum = zeroCount + count;
            if (side.isCompensated()) {
                lostOfZero = CompensatedAddition.lost(zeroCount, count, sum, lostOfZero + side.lost()[within]);
            }
            zeroCount = sum;
            within++;
        }
        return within == 0 ? side : side.from(within);
    }

    private HistogramSide beyondZeroBucket(HistogramSide side) {
        int within = 0;
        while (within < side.size() && bound(side.indexes()[within]) <= zeroThreshold) {
            within++;
        }
        return within == 0 ? side : side.from(within);
    }

    private double bound(int index) {
        return HistogramLayout.exponentialBound(schema, index);
    }

    private static List<Double> common(List<Double> left, List<Double> right) {
        List<Double> common = new ArrayList<>();
        int at = 0;
        for (double bound : left) {
            while (at < right.size() && right.get(at) < bound) {
                at++;
            }
            if (at < right.size() && right.get(at) == bound) {
                common.add(bound);
            }
        }
        return common;
    }

    /** Leaves some of the custom bounds; the buckets between them become one. */
    private void keepBounds(List<Double> kept) {
        int[] mapped = new int[positive.size()];
        for (int i = 0; i < mapped.length; i++) {
            int index = positive.indexes()[i];
            if (index >= customValues.size()) {
                mapped[i] = kept.size();
                continue;
            }
            double bound = customValues.get(index);
            int at = 0;
            while (at < kept.size() && kept.get(at) < bound) {
                at++;
            }
            mapped[i] = at;
        }
        positive = positive.grouped(mapped);
        customValues = kept;
    }

    /** The counts of each side without those buckets that are empty, as a new histogram. */
    FloatHistogram toHistogram(CounterResetHint hint, double count, double sum) {
        return FloatHistogram.of(hint, layout(), count, zeroCount, sum, positive.counts(), negative.counts());
    }

    void addCounts(HistogramParts other, double factor) {
        zeroCount += factor * other.zeroCount;
        positive = positive.plus(other.positive, factor);
        negative = negative.plus(other.negative, factor);
    }

    /** Leaves out the buckets that are empty. */
    void compact() {
        positive = positive.withoutEmpty();
        negative = negative.withoutEmpty();
    }

    /**
     * Whether any count is below that of an earlier histogram with the same bounds. A bucket that is not there any more
     * counts as well, unless it was empty; one that is new does not.
     */
    boolean isBelow(HistogramParts earlier) {
        return zeroCount < earlier.zeroCount
                || positive.isBelow(earlier.positive)
                || negative.isBelow(earlier.negative);
    }

    static boolean isBelow(double[] counts, double[] others) {
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] < others[i]) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return "schema=" + schema + " zero=" + zeroCount + " positive=" + Arrays.toString(positive.counts())
                + " negative=" + Arrays.toString(negative.counts());
    }
}
