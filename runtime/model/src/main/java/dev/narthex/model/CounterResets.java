// SPDX-License-Identifier: Apache-2.0
package dev.narthex.model;

/** Whether a counter was reset between two native histograms of a series. */
final class CounterResets {
    private CounterResets() {}

    /** What the hint of the later one says, or else what the counts do. */
    static boolean between(FloatHistogram before, FloatHistogram after) {
        return switch (after.counterResetHint()) {
            case RESET -> true;
            case NOT_RESET -> false;
            case UNKNOWN, GAUGE -> shown(before, after);
        };
    }

    private static boolean shown(FloatHistogram before, FloatHistogram after) {
        if (after.count() < before.count() || !after.isCompatible(before)) {
            return true;
        }
        if (after.layout().hasSameBuckets(before.layout())) {
            return after.zeroCount() < before.zeroCount()
                    || HistogramParts.isBelow(after.positiveCounts(), before.positiveCounts())
                    || HistogramParts.isBelow(after.negativeCounts(), before.negativeCounts());
        }
        HistogramLayout layout = after.layout();
        HistogramParts earlier = new HistogramParts(before);
        if (!layout.hasCustomBuckets()) {
            if (layout.schema() > before.layout().schema()
                    || layout.zeroThreshold() < before.layout().zeroThreshold()) {
                return true;
            }
            if (layout.zeroThreshold() > before.layout().zeroThreshold()
                    && earlier.widenZeroBucket(layout.zeroThreshold())) {
                return true;
            }
            earlier.withBucketsBeyondZero(before, layout.schema());
        }
        HistogramParts later = new HistogramParts(after);
        if (HistogramParts.alignBounds(earlier, later)) {
            // As in Prometheus: a bucket that is not there counts as empty, only where bounds are not the same.
            HistogramParts.align(earlier, later);
        }
        return later.isBelow(earlier);
    }
}
