// SPDX-License-Identifier: Apache-2.0
package dev.narthex.model;

import dev.narthex.model.BucketShape.Spread;

/** All buckets of a histogram in ascending order, those without observations too, as {@link BucketShape}s. */
final class BucketShapes {
    private final FloatHistogram histogram;
    private final HistogramLayout layout;
    private final boolean besideZeroBucket;
    private final int negative;
    private final int zero;
    private final int size;

    /** With buckets that begin where the zero bucket ends, as estimates have them. */
    BucketShapes(FloatHistogram histogram) {
        this(histogram, true);
    }

    /** @param besideZeroBucket see {@link NativeHistogram#buckets(boolean)} */
    BucketShapes(FloatHistogram histogram, boolean besideZeroBucket) {
        this.besideZeroBucket = besideZeroBucket;
        this.histogram = histogram;
        this.layout = histogram.layout();
        this.negative = layout.negativeBuckets();
        this.zero = !layout.hasCustomBuckets() && histogram.zeroCount() > 0 ? 1 : 0;
        this.size = negative + zero + layout.positiveBuckets();
    }

    int size() {
        return size;
    }

    double count(int position) {
        if (position < negative) {
            return histogram.negativeCount(negative - 1 - position);
        }
        return position < negative + zero ? histogram.zeroCount() : histogram.positiveCount(position - negative - zero);
    }

    BucketShape get(int position) {
        double count = count(position);
        if (position < negative) {
            int index = layout.negativeIndex(negative - 1 - position);
            return new BucketShape(-layout.bound(index), -inner(index), count, Spread.LOGARITHMIC);
        }
        if (position < negative + zero) {
            return zeroBucket(count);
        }
        int index = layout.positiveIndex(position - negative - zero);
        double lower = inner(index);
        double upper = layout.bound(index);
        if (!layout.hasCustomBuckets()) {
            return new BucketShape(lower, upper, count, Spread.LOGARITHMIC);
        }
        boolean fromZero = lower == Double.NEGATIVE_INFINITY && upper > 0 && upper < Double.POSITIVE_INFINITY;
        return new BucketShape(fromZero ? 0 : lower, upper, count, Spread.CUSTOM);
    }

    /** A bucket with its bounds as they stand, whatever buckets there are beside it. */
    BucketShape getAlone(int position) {
        BucketShape bucket = get(position);
        return switch (bucket.spread()) {
            case LOGARITHMIC -> bucket;
            case ZERO_BUCKET ->
                new BucketShape(-layout.zeroThreshold(), layout.zeroThreshold(), bucket.count(), Spread.ZERO_BUCKET);
            case CUSTOM -> bucket.startingAt(layout.bound(layout.positiveIndex(position) - 1));
        };
    }

    /** The bound of a bucket that is nearer to zero. */
    private double inner(int index) {
        return besideZeroBucket ? layout.boundBeyondZeroBucket(index) : layout.bound(index - 1);
    }

    private BucketShape zeroBucket(double count) {
        double width = layout.zeroThreshold();
        boolean positiveOnly = negative == 0 && layout.positiveBuckets() > 0;
        boolean negativeOnly = negative > 0 && layout.positiveBuckets() == 0;
        return new BucketShape(positiveOnly ? 0 : -width, negativeOnly ? 0 : width, count, Spread.ZERO_BUCKET);
    }

    /** Whether it is the lowest custom bucket, the lower bound of which is but guessed. */
    boolean isOpenBelow(int position) {
        return layout.hasCustomBuckets() && layout.positiveIndex(position) == 0;
    }
}
