// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.model.FloatHistogram;
import dev.narthex.model.HistogramArithmetic;
import dev.narthex.promql.syntax.RangeModifier;
import dev.narthex.storage.SampleBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The points that an extended range selector sees in one window: a point on the start of the range, the samples within,
 * a point on its end (Prometheus documentation, "Feature flags": extended range selectors). Staleness markers are left
 * out before. For one thread.
 *
 * <p>An {@code anchored} range takes for its start the last sample not after it, if that is not older than the lookback,
 * or else the first one within. A {@code smoothed} one interpolates between the samples on both sides of each bound.
 */
final class ExtendedPoints {
    private final RangeModifier modifier;
    private final long lookbackMs;
    private final SampleBuffer points = new SampleBuffer();

    /** The samples that were looked at: indexes of the first one and behind the last one. */
    private int first;

    private int end;

    ExtendedPoints(RangeModifier modifier, long lookbackMs) {
        this.modifier = modifier;
        this.lookbackMs = lookbackMs;
    }

    /** The points that were collected last; valid until the next ones are. */
    SampleBuffer points() {
        return points;
    }

    /**
     * Collects the points of a window for a function.
     *
     * @param counter whether a value that falls means that counting began anew at 0
     * @return whether the window has a result
     */
    boolean collect(SampleBuffer samples, Windows windows, int step, boolean counter) {
        look(samples, windows, step);
        long endMs = windows.endMs(step);
        long startMs = endMs - windows.rangeMs();
        boolean reaches = end > first && samples.timestampMs(first) <= endMs && samples.timestampMs(end - 1) > startMs;
        return reaches && build(samples, windows, step, counter);
    }

    /** Collects the points of a window as they are shown where no function is applied. */
    boolean collect(SampleBuffer samples, Windows windows, int step) {
        look(samples, windows, step);
        long startMs = windows.endMs(step) - windows.rangeMs();
        return end > first && samples.timestampMs(end - 1) > startMs && build(samples, windows, step, false);
    }

    /** Whether both floats and histograms are among the samples that were looked at. */
    boolean isMixed(SampleBuffer samples) {
        boolean floats = false;
        boolean histograms = false;
        for (int i = first; i < end; i++) {
            boolean histogram = samples.histogram(i) != null;
            histograms |= histogram;
            floats |= !histogram;
        }
        return floats && histograms;
    }

    private void look(SampleBuffer samples, Windows windows, int step) {
        long endMs = windows.endMs(step);
        first = windows.from(step);
        end = windows.to(step);
        if (first > 0 && samples.timestampMs(first - 1) > endMs - windows.rangeMs() - lookbackMs) {
            // An anchored range without samples of its own has nothing to anchor.
            first -= modifier == RangeModifier.SMOOTHED || end > first ? 1 : 0;
        }
        if (modifier == RangeModifier.SMOOTHED
                && end < samples.size()
                && samples.timestampMs(end) <= endMs + lookbackMs) {
            end++;
        }
    }

    private boolean build(SampleBuffer samples, Windows windows, int step, boolean counter) {
        long endMs = windows.endMs(step);
        long startMs = endMs - windows.rangeMs();
        points.clear();
        if (!addBound(samples, startMs, counter)) {
            return false;
        }
        int to = windows.to(step);
        for (int i = windows.from(step); i < to; i++) {
            copy(samples, i, samples.timestampMs(i));
        }
        return points.timestampMs(points.size() - 1) == endMs || addBound(samples, endMs, counter);
    }

    /** Adds the point at a moment; false where there is none between a float and a histogram. */
    private boolean addBound(SampleBuffer samples, long timeMs, boolean counter) {
        int before = first;
        while (before + 1 < end && samples.timestampMs(before + 1) <= timeMs) {
            before++;
        }
        boolean between = samples.timestampMs(before) < timeMs && before + 1 < end;
        if (modifier != RangeModifier.SMOOTHED || !between) {
            copy(samples, before, timeMs);
            return true;
        }
        double part = (double) (timeMs - samples.timestampMs(before))
                / (samples.timestampMs(before + 1) - samples.timestampMs(before));
        FloatHistogram left = HistogramSamples.at(samples, before);
        FloatHistogram right = HistogramSamples.at(samples, before + 1);
        if (left == null && right == null) {
            points.add(timeMs, interpolate(samples.value(before), samples.value(before + 1), part, counter));
            return true;
        }
        FloatHistogram middle = left == null || right == null ? null : interpolate(left, right, part, counter);
        if (middle == null) {
            return false;
        }
        points.add(timeMs, middle);
        return true;
    }

    private void copy(SampleBuffer samples, int index, long timeMs) {
        FloatHistogram histogram = HistogramSamples.at(samples, index);
        if (histogram == null) {
            points.add(timeMs, samples.value(index));
        } else {
            points.add(timeMs, histogram);
        }
    }

    /** The value at a part of the way from one to another; after a reset a counter comes from 0. */
    static double interpolate(double left, double right, double part, boolean counter) {
        return counter && right < left ? right * part : left + (right - left) * part;
    }

    /** As for floats; null where the buckets do not fit together. */
    static @Nullable FloatHistogram interpolate(
            FloatHistogram left, FloatHistogram right, double part, boolean counter) {
        if (counter && right.isResetAfter(left)) {
            return right.times(part);
        }
        if (!left.isCompatible(right)) {
            return null;
        }
        return HistogramArithmetic.add(left.times(1 - part), right.times(part)).histogram();
    }
}
