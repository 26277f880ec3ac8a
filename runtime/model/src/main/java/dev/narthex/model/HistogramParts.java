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
    private final boolean compensated;

    HistogramParts(FloatHistogram histogram) {
        this(
                histogram.layout(),
                histogram.zeroCount(),
                0,
                histogram.positiveSide(HistogramSide.EXACT),
                histogram.negativeSide(HistogramSide.EXACT),
                false);
    }

    /** A sum where it is kept what rounding has lost. */
    static HistogramParts compensated(
            HistogramLayout layout,
            double zeroCount,
            double lostOfZero,
            HistogramSide positive,
            HistogramSide negative) {
        return new HistogramParts(layout, zeroCount, lostOfZero, positive, negative, true);
    }

    private HistogramParts(
            HistogramLayout layout,
            double zeroCount,
            double lostOfZero,
            HistogramSide positive,
            HistogramSide negative,
            boolean compensated) {
        this.compensated = compensated;
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
            alignZeroBuckets(left, right);
            int coarser = Math.min(left.schema, right.schema);
            left.reduceTo(coarser);
            right.reduceTo(coarser);
        }
        return reconciled;
    }

    private static void alignZeroBuckets(HistogramParts left, HistogramParts right) {
        HistogramParts wideRight = right;
        while (left.zeroThreshold < wideRight.zeroThreshold || wideRight.zeroThreshold < left.zeroThreshold) {
            if (left.zeroThreshold < wideRight.zeroThreshold) {
                left.widenZeroBucket(wideRight.zeroThreshold);
                // As in Prometheus: with that go the empty buckets of the one that is added to.
                left.positive = left.positive.withoutEmpty();
                left.negative = left.negative.withoutEmpty();
            } else {
                // As in Prometheus: all is swallowed at once, in one order.
                wideRight = right.copy();
                wideRight.widenZeroBucket(left.zeroThreshold);
            }
        }
        if (wideRight != right) {
            right.take(wideRight);
        }
    }

    private HistogramParts copy() {
        return new HistogramParts(layout(), zeroCount, lostOfZero, positive, negative, compensated);
    }

    private void take(HistogramParts other) {
        zeroThreshold = other.zeroThreshold;
        zeroCount = other.zeroCount;
        lostOfZero = other.lostOfZero;
        positive = other.positive;
        negative = other.negative;
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
        double empty = zeroCount;
        int positiveWithin = 0;
        int negativeWithin = 0;
        double wide = threshold;
        double before;
        do {
            // As in Prometheus: when a negative bucket makes it begin again, what rounding had lost until then stays.
            zeroCount = empty;
            positiveWithin = swallow(positive, wide);
            wide = Math.max(wide, endOf(positive, positiveWithin));
            before = wide;
            negativeWithin = swallow(negative, wide);
            wide = Math.max(wide, endOf(negative, negativeWithin));
        } while (wide > before);
        positive = positive.from(positiveWithin);
        negative = negative.from(negativeWithin);
        zeroThreshold = wide;
        return wide > threshold;
    }

    /** Where the last bucket ends of those within, if it has observations. */
    private double endOf(HistogramSide side, int within) {
        return within == 0 || side.counts()[within - 1] == 0 ? 0 : bound(side.indexes()[within - 1]);
    }

    /** Counts the buckets that begin within a threshold as part of the zero bucket; returns how many these are. */
    private int swallow(HistogramSide side, double threshold) {
        int within = 0;
        while (within < side.size() && bound(side.indexes()[within] - 1) < threshold) {
            addToZero(side.counts()[within]);
            if (side.isCompensated()) {
                addToZero(side.lost()[within]);
            }
            within++;
        }
        return within;
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
        positive = positive.grouped(mapped(positive.indexes(), customValues, kept), false);
        customValues = kept;
    }

    private static int[] mapped(int[] indexes, List<Double> bounds, List<Double> kept) {
        int[] mapped = new int[indexes.length];
        for (int i = 0; i < mapped.length; i++) {
            if (indexes[i] >= bounds.size()) {
                mapped[i] = kept.size();
                continue;
            }
            double bound = bounds.get(indexes[i]);
            int at = 0;
            while (at < kept.size() && kept.get(at) < bound) {
                at++;
            }
            mapped[i] = at;
        }
        return mapped;
    }

    /** The counts of each side without those buckets that are empty, as a new histogram. */
    FloatHistogram toHistogram(CounterResetHint hint, double count, double sum) {
        return FloatHistogram.of(hint, layout(), count, zeroCount, sum, positive.counts(), negative.counts());
    }

    /**
     * Adds a histogram, times a factor, which has custom buckets as this one does or not; as in Prometheus, to the last bit:
     * first both are brought to one layout, but for custom buckets of the other one, each of which is added by itself, then
     * its buckets are added, but for those that the zero bucket covers whole.
     *
     * @return whether they had different custom bounds, of which only the common ones are left
     */
    boolean add(FloatHistogram other, double factor) {
        HistogramParts added = new HistogramParts(other);
        HistogramSide positiveAdded = added.positive;
        HistogramSide negativeAdded = added.negative;
        boolean reconciled = false;
        if (hasCustomBuckets()) {
            reconciled = !customValues.equals(added.customValues);
            if (reconciled) {
                List<Double> common = common(customValues, added.customValues);
                positiveAdded = positiveAdded.at(mapped(positiveAdded.indexes(), added.customValues, common));
                keepBounds(common);
            }
        } else {
            alignZeroBuckets(this, added);
            reduceTo(Math.min(schema, added.schema));
            int steps = added.schema - schema;
            positiveAdded = coarser(positiveAdded, steps);
            negativeAdded = coarser(negativeAdded, steps);
        }
        addToZero(factor * added.zeroCount);
        if (compensated) {
            addToZero(factor * added.lostOfZero);
        }
        positive = positive.plus(positiveAdded, covered(positiveAdded.indexes()), factor, compensated);
        negative = negative.plus(negativeAdded, covered(negativeAdded.indexes()), factor, compensated);
        if (reconciled) {
            // As in Prometheus: of other bounds, only buckets with observations are left.
            positive = positive.withoutEmpty();
        }
        return reconciled;
    }

    private HistogramSide coarser(HistogramSide added, int steps) {
        return (compensated ? added.compensated() : added).coarser(steps);
    }

    private void addToZero(double count) {
        double sum = zeroCount + count;
        lostOfZero = CompensatedAddition.lost(zeroCount, count, sum, lostOfZero);
        zeroCount = sum;
    }

    /**
     * Takes the buckets of a histogram in a coarser schema that the zero bucket does not cover whole. As in Prometheus where it
     * looks for counter resets: what the zero bucket has swallowed of such a bucket counts there once more.
     */
    void withBucketsBeyondZero(FloatHistogram histogram, int coarser) {
        int steps = schema - coarser;
        schema = coarser;
        positive = histogram.positiveSide(HistogramSide.EXACT).coarser(steps);
        positive = positive.from(covered(positive.indexes()));
        negative = histogram.negativeSide(HistogramSide.EXACT).coarser(steps);
        negative = negative.from(covered(negative.indexes()));
    }

    /** How many of the buckets, the indexes of which ascend, the zero bucket covers. */
    private int covered(int[] indexes) {
        int covered = 0;
        while (!hasCustomBuckets() && covered < indexes.length && bound(indexes[covered]) <= zeroThreshold) {
            covered++;
        }
        return covered;
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
