// SPDX-License-Identifier: Apache-2.0
package dev.narthex.model;

import java.util.ArrayList;
import java.util.List;

/**
 * A native histogram: observations counted in buckets of a {@link HistogramLayout}. Counts are absolute, bucket by
 * bucket in the order of the spans; what is a difference in a format stays a matter of that format. Immutable.
 */
public sealed interface NativeHistogram permits IntegerHistogram, FloatHistogram {
    CounterResetHint counterResetHint();

    HistogramLayout layout();

    /** The sum of all observations; {@link StalenessMarker#VALUE} says that the series ends. */
    double sum();

    /** This histogram with fractional counts; itself where it has them already. */
    FloatHistogram toFloat();

    /**
     * Checks what a storage demands of a histogram that is appended to it: no negative count, and for whole counts a
     * count that agrees with the buckets.
     *
     * @throws InvalidHistogramException when a count cannot be; the message is Prometheus'
     */
    void validate();

    default boolean isStale() {
        return StalenessMarker.is(sum());
    }

    /**
     * The buckets with observations, and their bounds, in ascending order; among them the zero bucket where its count is
     * positive, as Prometheus has it. A bucket that the zero bucket reaches into begins where that ends.
     */
    default List<HistogramBucket> buckets() {
        return buckets(true);
    }

    /**
     * The same.
     *
     * @param besideZeroBucket whether a bucket that the zero bucket reaches into begins where that ends; otherwise it
     *     overlaps it
     */
    default List<HistogramBucket> buckets(boolean besideZeroBucket) {
        FloatHistogram counts = toFloat();
        HistogramLayout layout = layout();
        List<HistogramBucket> buckets = new ArrayList<>();
        int[] negative = layout.negativeIndexes();
        for (int i = negative.length - 1; i >= 0; i--) {
            if (counts.negativeCount(i) != 0) {
                double lower = -layout.bound(negative[i]);
                double upper =
                        -(besideZeroBucket ? layout.boundBeyondZeroBucket(negative[i]) : layout.bound(negative[i] - 1));
                buckets.add(new HistogramBucket(lower, upper, true, false, counts.negativeCount(i)));
            }
        }
        if (counts.zeroCount() > 0) {
            double width = layout.zeroThreshold();
            buckets.add(new HistogramBucket(-width, width, true, true, counts.zeroCount()));
        }
        int[] positive = layout.positiveIndexes();
        for (int i = 0; i < positive.length; i++) {
            if (counts.positiveCount(i) != 0) {
                double lower =
                        besideZeroBucket ? layout.boundBeyondZeroBucket(positive[i]) : layout.bound(positive[i] - 1);
                double upper = layout.bound(positive[i]);
                boolean fromInfinity = lower == Double.NEGATIVE_INFINITY;
                buckets.add(new HistogramBucket(lower, upper, fromInfinity, true, counts.positiveCount(i)));
            }
        }
        return buckets;
    }
}
