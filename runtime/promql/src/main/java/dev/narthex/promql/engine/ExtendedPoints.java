// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.model.FloatHistogram;
import dev.narthex.model.HistogramArithmetic;
import dev.narthex.model.Labels;
import dev.narthex.promql.engine.AnnotationCollector.Annotator;
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
    private final Annotator annotator;
    private final SampleBuffer points = new SampleBuffer();

    /** The samples that were looked at: indexes of the first one and behind the last one. */
    private int first;

    private int end;

    private boolean startsBetween;
    private boolean startsWithCopy;
    private boolean endsWithCopy;

    ExtendedPoints(RangeModifier modifier, long lookbackMs, Annotator annotator) {
        this.annotator = annotator;
        this.modifier = modifier;
        this.lookbackMs = lookbackMs;
    }

    /** The points that were collected last; valid until the next ones are. */
    SampleBuffer points() {
        return points;
    }

    /** Whether the first of the points lies between two samples. */
    boolean startsBetween() {
        return startsBetween;
    }

    /** Whether the first of the points is the first sample of the window once more, as {@link #endsWithCopy}. */
    boolean startsWithCopy() {
        return startsWithCopy;
    }

    /** Whether the last of the points is the last sample of the window once more, which may say that it is a counter reset. */
    boolean endsWithCopy() {
        return endsWithCopy;
    }

    /**
     * Collects the points of a window for a function.
     *
     * @param counter whether a value that falls means that counting began anew at 0
     * @return whether the window has a result
     */
    boolean collect(Labels series, SampleBuffer samples, Windows windows, int step, boolean counter) {
        look(samples, windows, step);
        long endMs = windows.endMs(step);
        long startMs = endMs - windows.rangeMs();
        boolean reaches = end > first && samples.timestampMs(first) <= endMs && samples.timestampMs(end - 1) > startMs;
        return reaches && build(series, samples, windows, step, counter);
    }

    /** Collects the points of a window as they are shown where no function is applied. */
    boolean collect(Labels series, SampleBuffer samples, Windows windows, int step) {
        look(samples, windows, step);
        long startMs = windows.endMs(step) - windows.rangeMs();
        return end > first && samples.timestampMs(end - 1) > startMs && build(series, samples, windows, step, false);
    }

    /** Whether there are both floats and histograms in a window, the lookback before it, and where it is smoothed behind. */
    boolean isMixed(SampleBuffer samples, Windows windows, int step) {
        long endMs = windows.endMs(step);
        long lastMs = modifier == RangeModifier.SMOOTHED ? endMs + lookbackMs : endMs;
        boolean floats = false;
        boolean histograms = false;
        int to = windows.to(step);
        while (to < samples.size() && samples.timestampMs(to) <= lastMs) {
            to++;
        }
        for (int i = to - 1; i >= 0 && samples.timestampMs(i) > endMs - windows.rangeMs() - lookbackMs; i--) {
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

    private boolean build(Labels series, SampleBuffer samples, Windows windows, int step, boolean counter) {
        long endMs = windows.endMs(step);
        long startMs = endMs - windows.rangeMs();
        points.clear();
        int atStart = before(samples, startMs);
        startsBetween = isBetween(samples, atStart, startMs);
        startsWithCopy = !startsBetween && atStart == windows.from(step);
        if (!addBound(series, samples, windows, step, atStart, startMs, counter)) {
            return false;
        }
        int to = windows.to(step);
        for (int i = windows.from(step); i < to; ) {
            int pieceEnd = windows.progress().pieceEnd(i, to);
            for (; i < pieceEnd; i++) {
                copy(samples, i, samples.timestampMs(i));
            }
        }
        if (points.timestampMs(points.size() - 1) == endMs) {
            endsWithCopy = false;
            return true;
        }
        int atEnd = before(samples, endMs);
        endsWithCopy = !isBetween(samples, atEnd, endMs);
        if (!endsWithCopy && !fitTogether()) {
            // There is no growth, and nothing is said of what comes behind.
            copy(samples, atEnd, endMs);
            return true;
        }
        return addBound(series, samples, windows, step, atEnd, endMs, counter);
    }

    /** Whether all histograms that points are made of have the same kind of buckets. */
    private boolean fit(SampleBuffer samples, Windows windows, int step) {
        FloatHistogram start = HistogramSamples.at(samples, first);
        int to = windows.to(step);
        boolean endsWithSample = to > first && samples.timestampMs(to - 1) == windows.endMs(step);
        for (int i = first + 1; start != null && i < (endsWithSample ? to : end); i++) {
            FloatHistogram sample = HistogramSamples.at(samples, i);
            if (sample != null && !sample.isCompatible(start)) {
                return false;
            }
        }
        return true;
    }

    /** Whether all histograms among the points have the same kind of buckets. */
    private boolean fitTogether() {
        FloatHistogram start = HistogramSamples.at(points, 0);
        for (int i = 1; start != null && i < points.size(); i++) {
            FloatHistogram point = HistogramSamples.at(points, i);
            if (point != null && !point.isCompatible(start)) {
                return false;
            }
        }
        return true;
    }

    /** The last sample not after a moment, or else the first one. */
    private int before(SampleBuffer samples, long timeMs) {
        int before = first;
        while (end - before > Progress.PIECE && samples.timestampMs(before + Progress.PIECE - 1) <= timeMs) {
            before += Progress.PIECE - 1;
        }
        while (before + 1 < end && samples.timestampMs(before + 1) <= timeMs) {
            before++;
        }
        return before;
    }

    /** Whether the value at a moment is one between two samples. */
    private boolean isBetween(SampleBuffer samples, int before, long timeMs) {
        return modifier == RangeModifier.SMOOTHED && samples.timestampMs(before) < timeMs && before + 1 < end;
    }

    /**
     * Adds the point at a moment; false where there is none between a float and a histogram.
     *
     * @param before the sample of {@link #before} for it
     */
    private boolean addBound(
            Labels series, SampleBuffer samples, Windows windows, int step, int before, long timeMs, boolean counter) {
        if (!isBetween(samples, before, timeMs)) {
            copy(samples, before, timeMs);
            return true;
        }
        double part = (double) (timeMs - samples.timestampMs(before))
                / (samples.timestampMs(before + 1) - samples.timestampMs(before));
        FloatHistogram left = HistogramSamples.at(samples, before);
        FloatHistogram right = HistogramSamples.at(samples, before + 1);
        if (left == null && right == null) {
            points.add(timeMs, interpolate(samples, before, timeMs, counter));
            return true;
        }
        if (left != null && right != null && left.isCompatible(right) && !fit(samples, windows, step)) {
            // There is no growth, and nothing is said of custom bounds on the way.
            if (counter && (HistogramGrowth.isGauge(left) || HistogramGrowth.isGauge(right))) {
                HistogramNotes.notCounter(annotator, series);
            }
            points.add(timeMs, left);
            return true;
        }
        FloatHistogram middle =
                left == null || right == null ? null : interpolate(series, left, right, part, counter, annotator);
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

    /**
     * The value at a moment between a float and the next one; after a reset a counter comes from 0. In this order of
     * operations, as in Prometheus: another one gives other last digits.
     */
    static double interpolate(SampleBuffer samples, int before, long timeMs, boolean counter) {
        double left = samples.value(before);
        double right = samples.value(before + 1);
        double from = counter && right < left ? 0 : left;
        long startMs = samples.timestampMs(before);
        return from + (right - from) * (timeMs - startMs) / (samples.timestampMs(before + 1) - startMs);
    }

    /** As for floats; null where the buckets do not fit together. */
    static @Nullable FloatHistogram interpolate(
            Labels series,
            FloatHistogram before,
            FloatHistogram after,
            double part,
            boolean counter,
            Annotator annotator) {
        if (counter && HistogramGrowth.isGauge(before)) {
            HistogramNotes.notCounter(annotator, series);
        }
        if (!before.isCompatible(after)) {
            HistogramNotes.mixedBuckets(annotator, series);
            return null;
        }
        if (counter && HistogramGrowth.isGauge(after)) {
            HistogramNotes.notCounter(annotator, series);
        }
        if (counter && after.isResetAfter(before)) {
            return after.times(part);
        }
        FloatHistogram difference = HistogramNotes.noted(
                        HistogramArithmetic.subtract(after, before), annotator, "subtraction")
                .histogram();
        return HistogramNotes.noted(
                        HistogramArithmetic.add(difference.times(part).withHint(after.counterResetHint()), before),
                        annotator,
                        "addition")
                .histogram();
    }
}
