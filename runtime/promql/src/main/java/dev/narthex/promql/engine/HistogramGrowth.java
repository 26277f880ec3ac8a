// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.model.CounterResetHint;
import dev.narthex.model.FloatHistogram;
import dev.narthex.model.HistogramArithmetic;
import dev.narthex.model.Labels;
import dev.narthex.promql.engine.AnnotationCollector.Annotator;
import dev.narthex.storage.SampleBuffer;
import org.jspecify.annotations.Nullable;

/**
 * How native histograms grow within ranges: the last one less the first one, and each one before a counter reset added;
 * extrapolated as floats are. Whether the counter was reset is found out once a sample, whatever windows overlap.
 */
final class HistogramGrowth implements MixedRangeFunction {
    private final RangeFunction floats;
    private final boolean counter;
    private final boolean perSecond;
    private final Annotator annotator;
    private final WindowContents contents = new WindowContents();
    private final @Nullable MixedRangeFunction starts;
    private boolean[] resets = new boolean[16];

    /**
     * Makes a function.
     *
     * @param floats does the same for windows with floats only
     * @param starts as {@code floats} where samples say when their counting began; null where that is not looked at
     */
    HistogramGrowth(
            RangeFunction floats,
            boolean counter,
            boolean perSecond,
            @Nullable MixedRangeFunction starts,
            Annotator annotator) {
        this.starts = starts;
        this.floats = floats;
        this.counter = counter;
        this.perSecond = perSecond;
        this.annotator = annotator;
    }

    @Override
    public void apply(Labels series, SampleBuffer samples, Windows windows, Column into) {
        contents.read(samples, windows.progress());
        if (counter) {
            findResets(samples);
        }
        MixedRangeFunction ofStarts = samples.hasStartTimestamps() ? starts : null;
        boolean withStarts = ofStarts != null;
        if (contents.hasFloats() && ofStarts != null) {
            ofStarts.apply(series, samples, windows, into);
        } else if (contents.hasFloats()) {
            floats.apply(samples, windows, into);
        }
        for (int step = 0; step < windows.count(); step++) {
            int from = windows.from(step);
            int to = windows.to(step);
            int histograms = contents.histograms(from, to);
            if (histograms == 0) {
                continue;
            }
            Presence.remove(into.present(), step);
            if (histograms < to - from) {
                HistogramNotes.mixedWithFloats(annotator, series);
            } else {
                boolean begins = withStarts && StartTimestamps.beginsWithin(samples, windows, step);
                if (histograms > 1 || begins) {
                    apply(series, samples, windows, step, begins, into);
                }
                for (int i = from + 1; withStarts && i < to; i++) {
                    StartTimestamps.noteOverlap(samples, i, series, annotator);
                }
            }
        }
    }

    private void apply(Labels series, SampleBuffer samples, Windows windows, int step, boolean begins, Column into) {
        int from = windows.from(step);
        FloatHistogram growth = growth(series, from, windows.to(step) - 1, begins ? First.AFTER_ZERO : First.SAMPLE);
        if (growth != null) {
            double factor = begins
                    ? StartTimestamps.untilEnd(samples, windows, step)
                    : CounterFunctions.extrapolation(
                            samples,
                            windows,
                            step,
                            counter,
                            growth.count(),
                            contents.at(from).count());
            into.set(
                    step,
                    growth.times(perSecond ? factor / (windows.rangeMs() / 1000.0) : factor)
                            .withHint(CounterResetHint.GAUGE));
        }
    }

    /**
     * How much the histograms of a series grow from the first to the last of them; null where they do not fit.
     *
     * @param startsBetween whether the first one lies between samples, so that what was reset there is in it, or is the
     *     second one once more, so that nothing was
     * @param endsWithCopy whether the last one is the one before it once more, so that nothing was reset between them
     * @param progress is told of each sample
     */
    @Nullable
    FloatHistogram of(
            Labels series, SampleBuffer samples, boolean startsBetween, boolean endsWithCopy, Progress progress) {
        contents.read(samples, progress);
        if (samples.size() < 2) {
            return null;
        }
        if (counter) {
            findResets(samples);
            resets[1] &= !startsBetween;
            resets[samples.size() - 1] &= !endsWithCopy;
        }
        return fit(series, samples.size()) ? growth(series, 0, samples.size() - 1, First.POINT) : null;
    }

    /** Whether all points of an extended range have the same kind of buckets; what there is to say comes in their order. */
    private boolean fit(Labels series, int size) {
        FloatHistogram start = contents.at(0);
        for (int i = 0; i < size; i++) {
            FloatHistogram point = contents.at(i);
            if (!point.isCompatible(start)) {
                HistogramNotes.mixedBuckets(annotator, series);
                return false;
            }
            if (counter && isGauge(point)) {
                HistogramNotes.notCounter(annotator, series);
            }
        }
        return true;
    }

    private void findResets(SampleBuffer samples) {
        if (resets.length < samples.size()) {
            resets = new boolean[samples.size()];
        }
        for (int i = 1; i < samples.size(); i++) {
            FloatHistogram before = contents.orNull(i - 1);
            FloatHistogram after = contents.orNull(i);
            resets[i] = before != null
                    && after != null
                    && (after.isResetAfter(before) || (starts != null && StartTimestamps.beginsAnew(samples, i)));
        }
    }

    /** What the first histogram is. */
    private enum First {
        /** One of an ordinary range: of no interest where the counter is reset after it. */
        SAMPLE,
        /** The point on the start of an extended range: counts even so. */
        POINT,
        /** A sample of a counter that was 0 before it, within the range. */
        AFTER_ZERO
    }

    private @Nullable FloatHistogram growth(Labels series, int first, int last, First kind) {
        FloatHistogram start = contents.at(first);
        FloatHistogram end = contents.at(last);
        if (counter && (isGauge(start) || isGauge(end))) {
            HistogramNotes.notCounter(annotator, series);
        }
        boolean gauge = isGauge(start) && isGauge(end);
        int schema = Math.min(start.layout().schema(), end.layout().schema());
        boolean fromZero = kind == First.AFTER_ZERO;
        boolean skipped = counter && kind == First.SAMPLE && resets[first + 1];
        if (fromZero || skipped) {
            // Then whatever buckets the first one has are of no interest, or added to none.
            FloatHistogram second = contents.at(skipped ? first + 1 : first);
            start = FloatHistogram.empty(
                    second.layout().schema(), 0, second.layout().customValues());
            schema = Math.min(second.layout().schema(), end.layout().schema());
        }
        if (!start.isCompatible(end)) {
            HistogramNotes.mixedBuckets(annotator, series);
            return null;
        }
        for (int i = first + 1; counter && i < last; i++) {
            FloatHistogram between = contents.at(i);
            if (isGauge(between)) {
                HistogramNotes.notCounter(annotator, series);
            }
            if (!between.isCompatible(start)) {
                HistogramNotes.mixedBuckets(annotator, series);
                return null;
            }
            schema = Math.min(schema, between.layout().schema());
        }
        // In an extended range, zero buckets meet before resolutions do, and those between are of no interest.
        FloatHistogram growth = minus(kind == First.POINT ? end : end.reducedTo(schema), start);
        if (skipped && contents.at(first + 1).count() < 0) {
            // As in Prometheus: counts below those of nothing are one more reset, which adds nothing but is said.
            growth = plus(growth, start);
        }
        FloatHistogram lost = null;
        for (int i = first + (kind == First.SAMPLE ? 2 : 1); counter && i <= last; i++) {
            if (resets[i] && kind == First.POINT) {
                // In an extended range, they are added up by themselves: the zero bucket may become another one.
                lost = lost == null ? contents.at(i - 1) : plus(lost, contents.at(i - 1));
            } else if (resets[i]) {
                growth = plus(growth, contents.at(i - 1));
            }
        }
        if (lost != null) {
            growth = plus(growth, lost);
        }
        if (!counter && !gauge) {
            HistogramNotes.notGauge(annotator, series);
        }
        return growth.compact();
    }

    private FloatHistogram minus(FloatHistogram left, FloatHistogram right) {
        return HistogramNotes.noted(HistogramArithmetic.subtract(left, right), annotator, "subtraction")
                .histogram();
    }

    private FloatHistogram plus(FloatHistogram left, FloatHistogram right) {
        return HistogramNotes.noted(HistogramArithmetic.add(left, right), annotator, "addition")
                .histogram();
    }

    static boolean isGauge(FloatHistogram histogram) {
        return histogram.counterResetHint() == CounterResetHint.GAUGE;
    }

    /** What the instant functions make of the last two samples of each window. */
    static MixedRangeFunction lastTwo(
            boolean rate, RangeFunction floats, @Nullable MixedRangeFunction starts, Annotator annotator) {
        WindowContents contents = new WindowContents();
        return (series, samples, windows, into) -> {
            contents.read(samples, windows.progress());
            MixedRangeFunction ofStarts = samples.hasStartTimestamps() ? starts : null;
            if (ofStarts != null) {
                ofStarts.apply(series, samples, windows, into);
            } else {
                floats.apply(samples, windows, into);
            }
            for (int step = 0; step < windows.count(); step++) {
                int last = windows.to(step) - 1;
                if (last <= windows.from(step)) {
                    continue;
                }
                FloatHistogram before = contents.orNull(last - 1);
                FloatHistogram after = contents.orNull(last);
                if (before == null && after == null) {
                    continue;
                }
                Presence.remove(into.present(), step);
                if (before == null || after == null) {
                    HistogramNotes.mixedWithFloats(annotator, series);
                    continue;
                }
                boolean begins = ofStarts != null && StartTimestamps.beginsAnew(samples, last);
                FloatHistogram difference = lastTwo(rate, begins, before, after, series, annotator);
                if (difference != null) {
                    double seconds = (samples.timestampMs(last) - samples.timestampMs(last - 1)) / 1000.0;
                    into.set(step, rate ? difference.dividedBy(seconds) : difference);
                }
            }
        };
    }

    private static @Nullable FloatHistogram lastTwo(
            boolean rate,
            boolean begins,
            FloatHistogram before,
            FloatHistogram after,
            Labels series,
            Annotator annotator) {
        if (rate && (isGauge(before) || isGauge(after))) {
            HistogramNotes.notCounter(annotator, series);
        }
        if (!rate && !(isGauge(before) && isGauge(after))) {
            HistogramNotes.notGauge(annotator, series);
        }
        if (rate && (begins || after.isResetAfter(before))) {
            return after.withHint(CounterResetHint.GAUGE).compact();
        }
        if (!before.isCompatible(after)) {
            HistogramNotes.mixedBuckets(annotator, series);
            return null;
        }
        return HistogramNotes.noted(HistogramArithmetic.subtract(after, before), annotator, "subtraction")
                .histogram()
                .compact();
    }
}
