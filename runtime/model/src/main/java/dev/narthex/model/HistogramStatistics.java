// SPDX-License-Identifier: Apache-2.0
package dev.narthex.model;

/** Estimates of the distribution that a native histogram shows (Prometheus documentation, "Query functions"). */
public final class HistogramStatistics {
    private HistogramStatistics() {}

    /** What observations that are not a number mean for an estimate. */
    public enum NotNumbers {
        /** There are none. */
        NONE,
        /** They are taken as greater than all others, so that the estimate is too high. */
        SKEWED,
        /** They are so many that there is no estimate. */
        UNDEFINED
    }

    /** An estimate, and what observations that are not a number mean for it. */
    public record Quantile(double value, NotNumbers notNumbers) {}

    /** The mean of all observations, not a number where there is none. */
    public static double mean(FloatHistogram histogram) {
        return histogram.sum() / histogram.count();
    }

    /** The value below which a share of all observations is: infinite where the share is below 0 or above 1. */
    public static Quantile quantile(FloatHistogram histogram, double quantile) {
        if (quantile < 0) {
            return new Quantile(Double.NEGATIVE_INFINITY, NotNumbers.NONE);
        }
        if (quantile > 1) {
            return new Quantile(Double.POSITIVE_INFINITY, NotNumbers.NONE);
        }
        if (histogram.count() == 0 || Double.isNaN(quantile)) {
            return new Quantile(Double.NaN, NotNumbers.NONE);
        }
        BucketShapes shapes = new BucketShapes(histogram);
        // Observations that are not a number are in no bucket, so that ranks from above would be wrong.
        boolean fromBelow = Double.isNaN(histogram.sum()) || quantile < 0.5;
        double rank = (fromBelow ? quantile : 1 - quantile) * histogram.count();
        double counted = 0;
        int found = -1;
        for (int i = 0; i < shapes.size() && !(counted >= rank && found >= 0 && shapes.count(found) != 0); i++) {
            found = fromBelow ? i : shapes.size() - 1 - i;
            counted += shapes.count(found);
        }
        BucketShape bucket = found < 0 ? BucketShape.NONE : shapes.get(found);
        counted = Math.min(counted, histogram.count());
        if (bucket.isCustom() && bucket.lower() == Double.NEGATIVE_INFINITY) {
            if (bucket.upper() <= 0) {
                return new Quantile(bucket.upper(), NotNumbers.NONE);
            }
            bucket = bucket.startingAt(0);
        } else if (bucket.isCustom() && bucket.upper() == Double.POSITIVE_INFINITY) {
            return new Quantile(bucket.lower(), NotNumbers.NONE);
        }
        if (counted < rank) {
            return Double.isNaN(histogram.sum())
                    ? new Quantile(Double.NaN, NotNumbers.UNDEFINED)
                    : new Quantile(bucket.upper(), NotNumbers.NONE);
        }
        double beyond = fromBelow ? rank - (counted - bucket.count()) : counted - rank;
        // As in Prometheus: where the sum is not a number, all buckets are counted to learn whether observations are
        // none, and what is left at the end of that, to interpolate within, is the last bucket.
        double all = counted;
        for (int position = found + 1; position < shapes.size(); position++) {
            all += shapes.count(position);
        }
        BucketShape within = Double.isNaN(histogram.sum()) && found < shapes.size() - 1
                ? shapes.getAlone(shapes.size() - 1)
                : bucket;
        return new Quantile(within.valueAt(beyond / within.count()), notNumbers(histogram, all));
    }

    private static NotNumbers notNumbers(FloatHistogram histogram, double inBuckets) {
        return Double.isNaN(histogram.sum()) && inBuckets < histogram.count() ? NotNumbers.SKEWED : NotNumbers.NONE;
    }

    private static double inBuckets(BucketShapes shapes) {
        double sum = 0;
        for (int i = 0; i < shapes.size(); i++) {
            sum += shapes.count(i);
        }
        return sum;
    }

    /** Whether there are observations that are not a number: in no bucket, but in the count. */
    public static boolean hasNotNumbers(FloatHistogram histogram) {
        return notNumbers(histogram, inBuckets(new BucketShapes(histogram))) != NotNumbers.NONE;
    }

    /** The share of all observations that are between two values; not a number where there is none. */
    public static double fraction(FloatHistogram histogram, double lower, double upper) {
        if (histogram.count() == 0 || Double.isNaN(lower) || Double.isNaN(upper)) {
            return Double.NaN;
        }
        if (lower >= upper) {
            return 0;
        }
        BucketShapes shapes = new BucketShapes(histogram);
        double all = Double.isNaN(histogram.sum()) ? inBuckets(shapes) : histogram.count();
        double below = Math.min(rank(shapes, upper, all), all);
        return (below - Math.min(rank(shapes, lower, all), all)) / histogram.count();
    }

    /** As in Prometheus a custom bucket around zero has no observations below zero here, unlike in quantiles. */
    private static double lowerForFraction(BucketShape bucket) {
        boolean openBelow = bucket.lower() == Double.NEGATIVE_INFINITY && bucket.upper() != 0;
        return !bucket.logarithmic() && bucket.isCustom() && bucket.lower() <= 0 && bucket.upper() >= 0 && !openBelow
                ? 0
                : bucket.lower();
    }

    /** How many observations are at or below a value. */
    private static double rank(BucketShapes shapes, double value, double all) {
        double rank = 0;
        for (int i = 0; i < shapes.size(); i++) {
            double count = shapes.count(i);
            if (count == 0) {
                continue;
            }
            BucketShape bucket = shapes.get(i);
            if (value <= lowerForFraction(bucket)) {
                return rank;
            }
            if (value < bucket.upper()) {
                if (bucket.upper() == Double.POSITIVE_INFINITY && !bucket.logarithmic()) {
                    return rank + count * 0; // the share of an endless bucket: of endless counts no number
                }
                if (bucket.lower() == Double.NEGATIVE_INFINITY) {
                    // Nothing says where the lowest bucket starts: all of it may be below.
                    return rank + count;
                }
                double lower = lowerForFraction(bucket);
                return rank + count * bucket.startingAt(lower).shareBelow(value);
            }
            rank += count;
        }
        return all;
    }

    /** The variance, observations taken as in the middle of their bucket; not a number where there is none. */
    public static double variance(FloatHistogram histogram) {
        double mean = mean(histogram);
        BucketShapes shapes = new BucketShapes(histogram);
        double sum = 0;
        double lost = 0;
        for (int i = 0; i < shapes.size(); i++) {
            double count = shapes.count(i);
            if (count == 0) {
                continue;
            }
            double difference = middle(histogram, shapes, i) - mean;
            double next = sum + count * difference * difference;
            lost = CompensatedAddition.lost(sum, count * difference * difference, next, lost);
            sum = next;
        }
        return (sum + lost) / histogram.count();
    }

    private static double middle(FloatHistogram histogram, BucketShapes shapes, int position) {
        BucketShape bucket = shapes.get(position);
        if (!histogram.layout().hasCustomBuckets() && !bucket.logarithmic()) {
            // The zero bucket.
            return 0;
        }
        return bucket.logarithmic()
                ? bucket.middle(bucket.lower(), bucket.upper())
                : ((shapes.isOpenBelow(position) ? Double.NEGATIVE_INFINITY : bucket.lower()) + bucket.upper()) / 2;
    }
}
