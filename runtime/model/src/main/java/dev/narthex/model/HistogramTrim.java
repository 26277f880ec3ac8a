// SPDX-License-Identifier: Apache-2.0
package dev.narthex.model;

/**
 * Cuts a native histogram at a value (Prometheus documentation, "Trim operators"). A bucket that the value is within is
 * divided as its observations are taken to be spread; the sum is estimated anew, unless nothing was cut off.
 */
public final class HistogramTrim {
    private final FloatHistogram histogram;
    private final BucketShapes shapes;
    private final double value;
    private final boolean keepsBelow;
    private double keptCount;
    private double keptSum;
    private boolean changed;

    private HistogramTrim(FloatHistogram histogram, double value, boolean keepsBelow) {
        this.histogram = histogram;
        this.shapes = new BucketShapes(histogram, false);
        this.value = value;
        this.keepsBelow = keepsBelow;
    }

    /** What is at or below a value. */
    public static FloatHistogram below(FloatHistogram histogram, double value) {
        return new HistogramTrim(histogram, value, true).trimmed();
    }

    /** What is above a value. */
    public static FloatHistogram above(FloatHistogram histogram, double value) {
        return new HistogramTrim(histogram, value, false).trimmed();
    }

    private FloatHistogram trimmed() {
        HistogramLayout layout = histogram.layout();
        double[] positive = new double[layout.positiveBuckets()];
        double[] negative = new double[layout.negativeBuckets()];
        // As in Prometheus: what is in a zero bucket with a negative count, or none that is a number, stays and is not
        // counted.
        double zeroCount = layout.hasCustomBuckets() ? 0 : histogram.zeroCount();
        int zero = shapes.size() - positive.length - negative.length;
        // As in Prometheus, to the last bit: from zero to one end, from zero to the other, the zero bucket last.
        for (int i = 0; i < positive.length; i++) {
            positive[i] = keep(negative.length + zero + i);
        }
        for (int i = 0; i < negative.length; i++) {
            negative[i] = keep(negative.length - 1 - i);
        }
        if (zero > 0) {
            zeroCount = keep(negative.length);
        }
        return changed
                ? FloatHistogram.of(
                                histogram.counterResetHint(), layout, keptCount, zeroCount, keptSum, positive, negative)
                        .compact()
                : histogram;
    }

    /** The observations of a bucket that are kept; adds them to count and sum. */
    private double keep(int position) {
        if (shapes.count(position) == 0) {
            return 0;
        }
        BucketShape bucket = shapes.get(position);
        double from = bucket.lower();
        double to = bucket.upper();
        double kept = bucket.count();
        if (Double.isNaN(value)) {
            // As in Prometheus: nothing is known of the zero bucket then, and all others are cut off.
            kept = bucket.logarithmic() || bucket.isCustom() ? 0 : Double.NaN;
        } else if (keepsBelow) {
            if (value < to) {
                kept = below(bucket);
                to = Math.min(to, value);
            }
        } else if (value > from || (shapes.isOpenBelow(position) && value > Double.NEGATIVE_INFINITY && value < 0)) {
            kept = above(position, bucket);
            from = Math.max(from, value);
        }
        // The sum is not estimated anew where the value is in a bucket all of which is kept.
        changed |= kept != bucket.count();
        if (kept != 0) {
            keptCount += kept;
            keptSum += kept * bucket.middle(from, to);
        }
        return kept;
    }

    private double below(BucketShape bucket) {
        if (value <= bucket.lower() || (bucket.upper() == Double.POSITIVE_INFINITY && !bucket.logarithmic())) {
            return 0;
        }
        // Nothing says where the lowest bucket starts: all of it may be below.
        return bucket.lower() == Double.NEGATIVE_INFINITY ? bucket.count() : bucket.count() * bucket.shareBelow(value);
    }

    private double above(int position, BucketShape bucket) {
        boolean openBelow = bucket.lower() == Double.NEGATIVE_INFINITY || (value < 0 && shapes.isOpenBelow(position));
        if (value >= bucket.upper() || openBelow) {
            return 0;
        }
        // Nothing says where the highest bucket ends: all of it may be above.
        if (bucket.upper() == Double.POSITIVE_INFINITY && !bucket.logarithmic()) {
            return bucket.count();
        }
        double share = bucket.shareBelow(value);
        // The two differ where the count is infinite.
        boolean nearZero = bucket.isZero() || shapes.isOpenBelow(position);
        return nearZero ? bucket.count() * (1 - share) : bucket.count() - bucket.count() * share;
    }
}
