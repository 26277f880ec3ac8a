// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.model.CounterResetHint;
import dev.narthex.model.FloatHistogram;
import dev.narthex.model.LabelMatcher;
import dev.narthex.promql.engine.AnnotationCollector.Annotator;
import dev.narthex.promql.syntax.RangeModifier;
import dev.narthex.storage.SampleBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The series that a {@code smoothed} selector means, at each step with a value interpolated between the samples before
 * and behind it. The one before must not be older than the lookback, that behind not be further ahead.
 */
final class SmoothedSelector implements VectorOperator {
    private final QueryContext context;
    private final Steps steps;
    private final SelectorTime time;
    private final SelectedRange source;
    private final SampleCounts.Part counts;
    private final Annotator annotator;

    SmoothedSelector(
            QueryContext context,
            List<LabelMatcher> matchers,
            Steps steps,
            SelectorTime time,
            boolean derivesHints,
            SampleCounts.Part counts,
            Annotator annotator) {
        this.annotator = annotator;
        this.counts = counts;
        this.context = context;
        this.steps = steps;
        this.time = time;
        this.source = new SelectedRange(context, matchers, steps, time, 1, RangeModifier.SMOOTHED, "", derivesHints);
    }

    @Override
    public @Nullable Column next() {
        while (source.next()) {
            Column column = context.columns().take(source.labels(), steps.count());
            int found = fill(source.samples(), column);
            if (found > 0) {
                counts.addAll(column);
                context.columns().hold(column);
                return column;
            }
            context.columns().release(column);
        }
        return null;
    }

    private int fill(SampleBuffer samples, Column column) {
        int found = 0;
        int behind = 0;
        for (int step = 0; step < steps.count(); step++) {
            // Where there are histograms, all samples are looked at.
            context.progress().work(samples.hasHistograms() ? Progress.HISTOGRAM + samples.size() : 1);
            long now = time.timeMs(steps, step);
            while (behind < samples.size() && samples.timestampMs(behind) <= now) {
                behind++;
            }
            int before = behind - 1;
            if (before < 0 || samples.timestampMs(before) <= now - context.lookbackMs()) {
                continue;
            }
            found += set(samples, before, now, step, column);
        }
        return found;
    }

    private int set(SampleBuffer samples, int before, long now, int step, Column column) {
        if (samples.hasHistograms() && isMixedAround(samples, now)) {
            HistogramNotes.mixedWithFloats(annotator, source.labels());
            return 0;
        }
        int behind = before + 1;
        boolean between = samples.timestampMs(before) < now
                && behind < samples.size()
                && samples.timestampMs(behind) <= now + context.lookbackMs();
        FloatHistogram left = HistogramSamples.at(samples, before);
        if (!between) {
            if (left == null) {
                column.set(step, samples.value(before));
            } else {
                column.set(step, left);
            }
            return 1;
        }
        double part = (double) (now - samples.timestampMs(before))
                / (samples.timestampMs(behind) - samples.timestampMs(before));
        FloatHistogram right = HistogramSamples.at(samples, behind);
        if (left == null || right == null) {
            column.set(step, ExtendedPoints.interpolate(samples, before, now, false));
            return 1;
        }
        boolean counter = left.counterResetHint() != CounterResetHint.GAUGE;
        FloatHistogram middle = ExtendedPoints.interpolate(source.labels(), left, right, part, counter, annotator);
        if (middle != null) {
            column.set(step, middle);
        }
        return middle == null ? 0 : 1;
    }

    private boolean isMixedAround(SampleBuffer samples, long now) {
        boolean floats = false;
        boolean histograms = false;
        for (int i = 0; i < samples.size(); i++) {
            long timestampMs = samples.timestampMs(i);
            if (timestampMs > now - context.lookbackMs() && timestampMs <= now + context.lookbackMs()) {
                boolean histogram = samples.histogram(i) != null;
                histograms |= histogram;
                floats |= !histogram;
            }
        }
        return floats && histograms;
    }

    @Override
    public boolean hasOneName() {
        return source.hasOneName();
    }
}
