// SPDX-License-Identifier: Apache-2.0
package dev.narthex.model;

/**
 * How observations are taken to be spread within a bucket: evenly in the zero bucket and in custom buckets, evenly by
 * their logarithm in all others. A zero bucket beside buckets of one sign only reaches from zero into that direction; the
 * lowest custom bucket starts at zero where it ends above it (Prometheus documentation, "histogram_quantile").
 *
 * @param lower the lower bound, minus infinity where nothing says where the bucket starts
 * @param upper the upper bound, infinity where nothing says where it ends
 * @param count observations in it
 * @param spread how they are spread
 */
record BucketShape(double lower, double upper, double count, Spread spread) {
    /** Stands for the bucket of a histogram that has none. */
    static final BucketShape NONE = new BucketShape(0, 0, 0, Spread.ZERO_BUCKET);

    /** How the observations of a bucket are spread. */
    enum Spread {
        /** By their logarithm. */
        LOGARITHMIC,
        /** Evenly, about zero. */
        ZERO_BUCKET,
        /** Evenly, between custom bounds. */
        CUSTOM
    }

    boolean logarithmic() {
        return spread == Spread.LOGARITHMIC;
    }

    boolean isZero() {
        return spread == Spread.ZERO_BUCKET;
    }

    boolean isCustom() {
        return spread == Spread.CUSTOM;
    }

    BucketShape startingAt(double newLower) {
        return new BucketShape(newLower, upper, count, spread);
    }

    /** The share of the bucket at or below a value that is within it. */
    double shareBelow(double value) {
        if (!logarithmic()) {
            return (value - lower) / (upper - lower);
        }
        double logLower = log2(Math.abs(lower));
        double logUpper = log2(Math.abs(upper));
        double logValue = log2(Math.abs(value));
        return lower > 0
                ? (logValue - logLower) / (logUpper - logLower)
                : 1 - (logValue - logUpper) / (logLower - logUpper);
    }

    /** The value below which a share of the bucket is. */
    double valueAt(double share) {
        if (!logarithmic()) {
            return lower + (upper - lower) * share;
        }
        double logLower = log2(Math.abs(lower));
        double logUpper = log2(Math.abs(upper));
        return lower > 0
                ? Math.pow(2, logLower + (logUpper - logLower) * share)
                : -Math.pow(2, logUpper + (logLower - logUpper) * (1 - share));
    }

    /** Where the observations between two values within the bucket are on average. */
    double middle(double from, double to) {
        if (from == Double.NEGATIVE_INFINITY) {
            return to;
        }
        if (to == Double.POSITIVE_INFINITY) {
            return from;
        }
        if (!logarithmic()) {
            return (from + to) / 2;
        }
        double size = Math.sqrt(Math.abs(from) * Math.abs(to));
        return from < 0 ? -size : size;
    }

    private static double log2(double value) {
        int exponent = Math.getExponent(value);
        if (exponent < Double.MIN_EXPONENT || exponent > Double.MAX_EXPONENT) {
            return Math.log(value) / Math.log(2);
        }
        // The exponent apart from the rest, so that powers of two come out exact.
        return exponent + Math.log(Math.scalb(value, -exponent)) / Math.log(2);
    }
}
