// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.model.Labels;
import dev.narthex.promql.engine.AnnotationCollector.Annotator;
import dev.narthex.storage.SampleBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Counter functions over floats of which it is known when their counting began; {@link HistogramGrowth} goes by the same
 * rules. A counter was reset where it falls, and where it says that counting began anew, at or after the sample before. A
 * start within the range is as good as a sample of value 0 there.
 */
final class StartTimestamps {
    private StartTimestamps() {}

    /** The function that looks at start timestamps too; null where there is none. */
    static @Nullable MixedRangeFunction find(String function, Annotator annotator) {
        return switch (function) {
            case "rate" -> new Growth(true, annotator);
            case "increase" -> new Growth(false, annotator);
            case "irate" -> StartTimestamps::irate;
            case "resets" -> StartTimestamps::resets;
            default -> null;
        };
    }

    /** Whether counting began anew between a sample and the one before. */
    private static boolean isReset(SampleBuffer samples, int index) {
        if (samples.value(index) < samples.value(index - 1)) {
            return true;
        }
        return beginsAnew(samples, index);
    }

    /** Whether a sample says that counting began anew after the one before. */
    static boolean beginsAnew(SampleBuffer samples, int index) {
        long startMs = samples.startTimestampMs(index);
        return isNew(samples, index)
                && startMs >= samples.timestampMs(index - 1)
                && startMs < samples.timestampMs(index);
    }

    private static boolean isNew(SampleBuffer samples, int index) {
        long startMs = samples.startTimestampMs(index);
        return startMs != 0 && startMs != samples.startTimestampMs(index - 1);
    }

    private static void irate(Labels series, SampleBuffer samples, Windows windows, Column into) {
        for (int step = 0; step < windows.count(); step++) {
            int last = windows.to(step) - 1;
            if (last > windows.from(step)) {
                double grown =
                        isReset(samples, last) ? samples.value(last) : samples.value(last) - samples.value(last - 1);
                into.set(step, grown / ((samples.timestampMs(last) - samples.timestampMs(last - 1)) / 1000.0));
            }
        }
    }

    private static void resets(Labels series, SampleBuffer samples, Windows windows, Column into) {
        for (int step = 0; step < windows.count(); step++) {
            int count = 0;
            for (int i = windows.from(step) + 1; i < windows.to(step); ) {
                int end = windows.progress().pieceEnd(i, windows.to(step));
                for (; i < end; i++) {
                    count += isReset(samples, i) ? 1 : 0;
                }
            }
            if (windows.to(step) > windows.from(step)) {
                into.set(step, count);
            }
        }
    }

    private record Growth(boolean perSecond, Annotator annotator) implements MixedRangeFunction {
        @Override
        public void apply(Labels series, SampleBuffer samples, Windows windows, Column into) {
            for (int step = 0; step < windows.count(); step++) {
                if (windows.to(step) > windows.from(step)) {
                    apply(series, samples, windows, step, into);
                }
            }
        }

        private void apply(Labels series, SampleBuffer samples, Windows windows, int step, Column into) {
            int first = windows.from(step);
            int last = windows.to(step) - 1;
            boolean startsWithin = beginsWithin(samples, windows, step);
            if (last == first && !startsWithin) {
                return;
            }
            double growth = samples.value(last) - (startsWithin ? 0 : samples.value(first));
            for (int i = first + 1; i <= last; ) {
                int end = windows.progress().pieceEnd(i, last + 1);
                for (; i < end; i++) {
                    if (isReset(samples, i)) {
                        growth += samples.value(i - 1);
                    }
                    noteOverlap(samples, i, series, annotator);
                }
            }
            double factor = startsWithin
                    ? untilEnd(samples, windows, step)
                    : CounterFunctions.extrapolation(samples, windows, step, true, growth, samples.value(first));
            into.set(step, growth * (perSecond ? factor / (windows.rangeMs() / 1000.0) : factor));
        }
    }

    /** Whether the first sample of a window says that counting began within the range. */
    static boolean beginsWithin(SampleBuffer samples, Windows windows, int step) {
        int first = windows.from(step);
        long startMs = samples.startTimestampMs(first);
        return startMs != 0
                && startMs > windows.endMs(step) - windows.rangeMs()
                && startMs < samples.timestampMs(first);
    }

    /** Says so where a sample began before the one before it was taken. */
    static void noteOverlap(SampleBuffer samples, int index, Labels series, Annotator annotator) {
        if (isNew(samples, index) && samples.startTimestampMs(index) < samples.timestampMs(index - 1)) {
            annotator.warn("sample has start time that overlaps with previous sample timestamp for metric \""
                    + series.metricName() + '"');
        }
    }

    /** By how much more a counter grows up to the end of the range that is known to start within it. */
    static double untilEnd(SampleBuffer samples, Windows windows, int step) {
        int first = windows.from(step);
        int last = windows.to(step) - 1;
        double sampled = (samples.timestampMs(last) - samples.startTimestampMs(first)) / 1000.0;
        double average =
                last == first ? 0 : (samples.timestampMs(last) - samples.timestampMs(first)) / 1000.0 / (last - first);
        double afterLast = (windows.endMs(step) - samples.timestampMs(last)) / 1000.0;
        if (afterLast >= average * CounterFunctions.EXTRAPOLATION_LIMIT) {
            afterLast = average / 2;
        }
        return (sampled + afterLast) / sampled;
    }
}
