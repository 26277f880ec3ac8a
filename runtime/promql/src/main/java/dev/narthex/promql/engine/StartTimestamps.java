// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.model.Labels;
import dev.narthex.promql.engine.AnnotationCollector.Annotator;
import dev.narthex.storage.SampleBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Counter functions over floats of which it is known when their counting began. A counter was reset where it falls, and
 * where it says that counting began anew, at or after the sample before. A start within the range is as good as a sample
 * of value 0 there.
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
            for (int i = windows.from(step) + 1; i < windows.to(step); i++) {
                count += isReset(samples, i) ? 1 : 0;
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
            long rangeStartMs = windows.endMs(step) - windows.rangeMs();
            long startMs = samples.startTimestampMs(first);
            boolean startsWithin = startMs != 0 && startMs > rangeStartMs && startMs < samples.timestampMs(first);
            if (last == first && !startsWithin) {
                return;
            }
            double growth = samples.value(last) - (startsWithin ? 0 : samples.value(first));
            for (int i = first + 1; i <= last; i++) {
                if (isReset(samples, i)) {
                    growth += samples.value(i - 1);
                }
                if (isNew(samples, i) && samples.startTimestampMs(i) < samples.timestampMs(i - 1)) {
                    annotator.warn("sample has start time that overlaps with previous sample timestamp for metric \""
                            + series.metricName() + '"');
                }
            }
            double factor = startsWithin
                    ? untilEnd(samples, windows, step)
                    : CounterFunctions.extrapolation(samples, windows, step, true, growth, samples.value(first));
            into.set(step, growth * (perSecond ? factor / (windows.rangeMs() / 1000.0) : factor));
        }

        /** By how much more a counter grows up to the end of the range that is known to start within it. */
        private static double untilEnd(SampleBuffer samples, Windows windows, int step) {
            int first = windows.from(step);
            int last = windows.to(step) - 1;
            double sampled = (samples.timestampMs(last) - samples.startTimestampMs(first)) / 1000.0;
            double average = last == first
                    ? 0
                    : (samples.timestampMs(last) - samples.timestampMs(first)) / 1000.0 / (last - first);
            double afterLast = (windows.endMs(step) - samples.timestampMs(last)) / 1000.0;
            if (afterLast >= average * CounterFunctions.EXTRAPOLATION_LIMIT) {
                afterLast = average / 2;
            }
            return (sampled + afterLast) / sampled;
        }
    }
}
