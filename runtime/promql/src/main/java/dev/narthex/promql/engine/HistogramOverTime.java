// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.model.FloatHistogram;
import dev.narthex.model.HistogramMean;
import dev.narthex.model.HistogramSum;
import dev.narthex.model.Labels;
import dev.narthex.promql.engine.AnnotationCollector.Annotator;
import dev.narthex.storage.SampleBuffer;
import org.jspecify.annotations.Nullable;

/** What functions over ranges make of series that have native histograms, except for those of growth. */
final class HistogramOverTime {
    private HistogramOverTime() {}

    /** For functions that only ask when there are samples: histograms are such as floats are. */
    static MixedRangeFunction sameAs(RangeFunction function) {
        return (series, samples, windows, into) -> function.apply(samples, windows, into);
    }

    /** For functions of numbers: histograms are left out, which is said where there are floats too. */
    static MixedRangeFunction floatsOnly(RangeFunction function, Annotator annotator) {
        SampleBuffer floats = new SampleBuffer();
        WindowContents contents = new WindowContents();
        return (series, samples, windows, into) -> {
            contents.read(samples, windows.progress());
            floats.clear();
            for (int i = 0; i < samples.size(); i++) {
                if (contents.orNull(i) == null) {
                    floats.add(samples.timestampMs(i), samples.value(i));
                }
            }
            for (int step = 0; step < windows.count(); step++) {
                int histograms = contents.histograms(windows.from(step), windows.to(step));
                if (histograms > 0 && histograms < windows.to(step) - windows.from(step)) {
                    HistogramNotes.ignoredInRange(annotator, series);
                }
            }
            Windows ofFloats = windows.again();
            ofFloats.slide(floats);
            function.apply(floats, ofFloats, into);
        };
    }

    /** The first or the last sample of each window, whatever it is. */
    static MixedRangeFunction pick(boolean last) {
        return (series, samples, windows, into) -> {
            for (int step = 0; step < windows.count(); step++) {
                if (windows.to(step) > windows.from(step)) {
                    int index = last ? windows.to(step) - 1 : windows.from(step);
                    FloatHistogram histogram = HistogramSamples.at(samples, index);
                    if (histogram == null) {
                        into.set(step, samples.value(index));
                    } else {
                        into.set(step, histogram);
                    }
                }
            }
        };
    }

    /** Counts pairs of neighbours; a float beside a histogram is such a pair. */
    private static MixedRangeFunction countPairs(FloatPair ofFloats, HistogramPair ofHistograms, boolean starts) {
        WindowContents contents = new WindowContents();
        return (series, samples, windows, into) -> {
            contents.read(samples, windows.progress());
            int[] counted = new int[samples.size() + 1];
            for (int i = 1; i < samples.size(); i++) {
                FloatHistogram before = contents.orNull(i - 1);
                FloatHistogram after = contents.orNull(i);
                boolean counts = (before == null && after == null)
                        ? ofFloats.counts(samples.value(i - 1), samples.value(i))
                        : before == null || after == null || ofHistograms.counts(before, after);
                counted[i] = counted[i - 1] + (counts || (starts && StartTimestamps.beginsAnew(samples, i)) ? 1 : 0);
            }
            for (int step = 0; step < windows.count(); step++) {
                if (windows.to(step) > windows.from(step)) {
                    into.set(step, counted[windows.to(step) - 1] - counted[windows.from(step)]);
                }
            }
        };
    }

    @FunctionalInterface
    private interface FloatPair {
        boolean counts(double before, double after);
    }

    @FunctionalInterface
    private interface HistogramPair {
        boolean counts(FloatHistogram before, FloatHistogram after);
    }

    /** @param starts whether it is looked at when the counting began */
    static MixedRangeFunction resets(boolean starts) {
        return countPairs((before, after) -> after < before, (before, after) -> after.isResetAfter(before), starts);
    }

    static MixedRangeFunction changes() {
        return countPairs(
                (before, after) -> before != after && !(Double.isNaN(before) && Double.isNaN(after)),
                (before, after) -> !after.isSame(before),
                false);
    }

    static MixedRangeFunction sum(Annotator annotator) {
        return summary(OverTimeFunctions::sum, HistogramOverTime::sum, annotator);
    }

    static MixedRangeFunction average(Annotator annotator) {
        return summary(OverTimeFunctions::average, HistogramOverTime::average, annotator);
    }

    /** Makes one histogram of those from one to below another, null where that is not possible. */
    @FunctionalInterface
    private interface Summary {
        @Nullable
        FloatHistogram of(WindowContents contents, int from, int to, Labels series, Annotator annotator);
    }

    private static MixedRangeFunction summary(
            OverTimeFunctions.WindowFunction ofFloats, Summary ofHistograms, Annotator annotator) {
        WindowContents contents = new WindowContents();
        return (series, samples, windows, into) -> {
            contents.read(samples, windows.progress());
            for (int step = 0; step < windows.count(); step++) {
                int from = windows.from(step);
                int to = windows.to(step);
                int histograms = contents.histograms(from, to);
                if (to == from) {
                    continue;
                }
                if (histograms == 0) {
                    into.set(step, ofFloats.apply(samples, from, to, windows.progress()));
                } else if (histograms < to - from) {
                    HistogramNotes.mixedWithFloats(annotator, series);
                } else {
                    FloatHistogram summary = ofHistograms.of(contents, from, to, series, annotator);
                    if (summary != null) {
                        into.set(step, summary);
                    }
                }
            }
        };
    }

    private static @Nullable FloatHistogram sum(
            WindowContents contents, int from, int to, Labels series, Annotator annotator) {
        HistogramSum sum = new HistogramSum();
        for (int i = from; i < to; i++) {
            if (!sum.isCompatible(contents.at(i))) {
                HistogramNotes.mixedBuckets(annotator, series);
                return null;
            }
            sum.add(contents.at(i));
        }
        note(sum.isBoundsReconciled(), sum.isResetsConflict(), annotator);
        return sum.result(1);
    }

    private static @Nullable FloatHistogram average(
            WindowContents contents, int from, int to, Labels series, Annotator annotator) {
        HistogramMean mean = new HistogramMean();
        for (int i = from; i < to; i++) {
            if (!mean.isCompatible(contents.at(i))) {
                HistogramNotes.mixedBuckets(annotator, series);
                return null;
            }
            mean.add(contents.at(i));
        }
        note(mean.isBoundsReconciled(), mean.isResetsConflict(), annotator);
        return mean.result();
    }

    private static void note(boolean boundsReconciled, boolean resetsConflict, Annotator annotator) {
        if (boundsReconciled) {
            HistogramNotes.boundsReconciled(annotator, "aggregation");
        }
        if (resetsConflict) {
            HistogramNotes.resetsConflict(annotator, "aggregation");
        }
    }
}
