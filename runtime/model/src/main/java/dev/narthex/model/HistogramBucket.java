// SPDX-License-Identifier: Apache-2.0
package dev.narthex.model;

/**
 * A bucket of a native histogram with its bounds.
 *
 * @param lower its lower bound, minus infinity allowed
 * @param upper its upper bound, infinity allowed
 * @param lowerInclusive whether the lower bound belongs to it
 * @param upperInclusive whether the upper bound belongs to it
 * @param count observations in it
 */
public record HistogramBucket(
        double lower, double upper, boolean lowerInclusive, boolean upperInclusive, double count) {
    /** Whether an observation of zero falls into it: the zero bucket, and custom buckets around zero. */
    public boolean containsZero() {
        return (lower < 0 || (lowerInclusive && lower == 0)) && (upper > 0 || (upperInclusive && upper == 0));
    }
}
