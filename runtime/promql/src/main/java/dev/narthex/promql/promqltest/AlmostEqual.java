// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.promqltest;

import dev.narthex.model.CounterResetHint;
import dev.narthex.model.FloatHistogram;
import dev.narthex.model.HistogramBucket;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether values are what a test file says: its numbers are rounded. */
final class AlmostEqual {
    private static final double TOLERANCE = 1e-6;

    private AlmostEqual() {}

    static boolean test(@Nullable SequenceValue found, SequenceValue expected) {
        return switch (expected) {
            case SequenceValue.Gap _ -> found == null || found instanceof SequenceValue.Gap;
            case SequenceValue.Number number ->
                found instanceof SequenceValue.Number(double value) && test(value, number.value());
            case SequenceValue.Histogram histogram ->
                found instanceof SequenceValue.Histogram(FloatHistogram value) && test(value, histogram.histogram());
        };
    }

    static boolean test(double a, double b) {
        if (a == b || (Double.isNaN(a) && Double.isNaN(b))) {
            return true;
        }
        if (Double.isNaN(a) || Double.isNaN(b) || Double.isInfinite(a) || Double.isInfinite(b)) {
            return false;
        }
        double difference = Math.abs(a - b);
        double sum = Math.abs(a) + Math.abs(b);
        if (a == 0 || b == 0 || sum < Double.MIN_NORMAL) {
            return difference < TOLERANCE * Double.MIN_NORMAL;
        }
        return difference / Math.min(sum, Double.MAX_VALUE) < TOLERANCE;
    }

    /** What nothing is expected of, such as the hint, may be anything. */
    private static boolean test(FloatHistogram found, FloatHistogram expected) {
        if (expected.counterResetHint() != CounterResetHint.UNKNOWN
                && expected.counterResetHint() != found.counterResetHint()) {
            return false;
        }
        boolean same = found.layout().schema() == expected.layout().schema()
                && found.layout().zeroThreshold() == expected.layout().zeroThreshold()
                && found.layout().customValues().equals(expected.layout().customValues())
                && test(found.count(), expected.count())
                && test(found.sum(), expected.sum())
                && test(found.zeroCount(), expected.zeroCount());
        List<HistogramBucket> left = found.buckets();
        List<HistogramBucket> right = expected.buckets();
        same &= left.size() == right.size();
        for (int i = 0; same && i < left.size(); i++) {
            same = left.get(i).lower() == right.get(i).lower()
                    && left.get(i).upper() == right.get(i).upper()
                    && test(left.get(i).count(), right.get(i).count());
        }
        return same;
    }
}
