// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.model.CounterResetHint;
import dev.narthex.model.FloatHistogram;
import dev.narthex.model.Labels;
import dev.narthex.promql.engine.AnnotationCollector.Annotator;
import dev.narthex.promql.syntax.RangeModifier;
import dev.narthex.promql.value.QueryException;
import dev.narthex.storage.SampleBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A function over extended ranges. The growth of a counter is what lies between the points on the bounds: nothing is
 * extrapolated.
 */
final class ExtendedRange implements RangeFunction, MixedRangeFunction {
    private static final List<String> ANCHORED = List.of("changes", "delta", "increase", "rate", "resets");
    private static final List<String> SMOOTHED = List.of("delta", "increase", "rate");

    private final ExtendedPoints extended;
    private final boolean grows;
    private final boolean counter;
    private final boolean perSecond;
    private final RangeFunction floats;
    private final MixedRangeFunction histograms;
    private final HistogramGrowth growth;
    private final Annotator annotator;

    /**
     * Makes a function.
     *
     * @param name one that takes extended ranges, see {@link #requireFits}
     * @param floats what the function does within ordinary ranges of floats
     * @param histograms what it does within others
     */
    ExtendedRange(
            RangeModifier modifier,
            String name,
            long lookbackMs,
            RangeFunction floats,
            MixedRangeFunction histograms,
            Annotator annotator) {
        this.extended = new ExtendedPoints(modifier, lookbackMs, annotator);
        this.grows = SMOOTHED.contains(name);
        this.counter = !name.equals("delta");
        this.perSecond = name.equals("rate");
        this.floats = floats;
        this.histograms = histograms;
        this.annotator = annotator;
        this.growth = new HistogramGrowth(floats, counter, perSecond, null, annotator);
    }

    /**
     * Refuses functions that cannot do anything with extended ranges.
     *
     * @param function the name of the function that is applied, empty where there is none
     */
    static void requireFits(RangeModifier modifier, String function) {
        List<String> fitting = switch (modifier) {
            case NONE -> List.of();
            case ANCHORED -> ANCHORED;
            case SMOOTHED -> SMOOTHED;
        };
        if (modifier != RangeModifier.NONE && !function.isEmpty() && !fitting.contains(function)) {
            throw QueryException.execution(modifier.text() + " modifier can only be used with: "
                    + String.join(", ", fitting) + " - not with " + function);
        }
    }

    /** The points of the only window of an instant query, where no function is applied. */
    static @Nullable SampleBuffer shown(
            RangeModifier modifier,
            long lookbackMs,
            Labels series,
            SampleBuffer samples,
            Windows windows,
            Annotator annotator) {
        ExtendedPoints extended = new ExtendedPoints(modifier, lookbackMs, annotator);
        if (!extended.collect(series, samples, windows, 0)) {
            return null;
        }
        SampleBuffer points = extended.points();
        if (points.hasHistograms()) {
            throw QueryException.execution(modifier.text() + " modifier is not supported with histograms");
        }
        return points;
    }

    @Override
    public void apply(SampleBuffer samples, Windows windows, Column into) {
        apply(Labels.EMPTY, samples, windows, into);
    }

    @Override
    public void apply(Labels series, SampleBuffer samples, Windows windows, Column into) {
        for (int step = 0; step < windows.count(); step++) {
            if (grows && samples.hasHistograms() && extended.isMixed(samples, windows, step)) {
                HistogramNotes.mixedWithFloats(annotator, series);
            } else if (extended.collect(series, samples, windows, step, counter)) {
                apply(series, windows, step, into);
            }
        }
    }

    private void apply(Labels series, Windows windows, int step, Column into) {
        if (!grows) {
            count(series, windows, step, into);
        } else if (extended.points().hasHistograms()) {
            FloatHistogram grown = growth.of(
                    series,
                    extended.points(),
                    extended.startsBetween() || extended.startsWithCopy(),
                    extended.endsWithCopy(),
                    windows.progress());
            if (grown != null) {
                into.set(
                        step,
                        (perSecond ? grown.dividedBy(windows.rangeMs() / 1000.0) : grown)
                                .withHint(CounterResetHint.GAUGE));
            }
        } else {
            double grown = grown(extended.points(), windows.progress());
            into.set(step, perSecond ? grown / (windows.rangeMs() / 1000.0) : grown);
        }
    }

    /** Applies a function that counts to the points, as if they were the samples of an ordinary range. */
    private void count(Labels series, Windows windows, int step, Column into) {
        SampleBuffer points = extended.points();
        // One more millisecond, so that the point on the start is within.
        Windows whole = windows.single(windows.endMs(step), windows.rangeMs() + 1);
        whole.slide(points);
        Column counted = new Column(1);
        if (points.hasHistograms()) {
            histograms.apply(series, points, whole, counted);
        } else {
            floats.apply(points, whole, counted);
        }
        if (!counted.isEmpty()) {
            into.set(step, counted, 0);
        }
    }

    private double grown(SampleBuffer points, Progress progress) {
        double[] values = points.values();
        int last = points.size() - 1;
        double lost = 0;
        for (int i = 1; counter && i <= last; ) {
            int end = progress.pieceEnd(i, last + 1);
            for (; i < end; i++) {
                if (values[i] < values[i - 1]) {
                    lost += values[i - 1];
                }
            }
        }
        return values[last] - values[0] + lost;
    }
}
