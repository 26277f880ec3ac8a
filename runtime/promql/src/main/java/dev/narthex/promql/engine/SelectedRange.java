// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.model.NativeHistogram;
import dev.narthex.model.StalenessMarker;
import dev.narthex.promql.syntax.RangeModifier;
import dev.narthex.storage.SampleBuffer;
import dev.narthex.storage.SelectHints;
import dev.narthex.storage.SeriesSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The samples that a range selector means, and for an extended one those around that it looks at. Native histograms among
 * them have fractional counts.
 */
final class SelectedRange implements RangeSamples {
    private final QueryContext context;
    private final @Nullable Leaps leaps;
    private final boolean oneName;
    private final SeriesSet series;
    private final SampleMemory memory;
    private final SampleBuffer samples;

    SelectedRange(
            QueryContext context,
            List<LabelMatcher> matchers,
            Steps steps,
            SelectorTime time,
            long rangeMs,
            RangeModifier modifier,
            String function,
            boolean statisticsOnly) {
        this.context = context;
        this.memory = new SampleMemory(context.memory(), context.progress());
        this.samples = new SampleBuffer(memory);
        this.oneName = InstantSelector.hasOneName(matchers);
        long beforeMs = modifier == RangeModifier.NONE ? 0 : context.lookbackMs();
        long afterMs = modifier == RangeModifier.SMOOTHED ? context.lookbackMs() : 0;
        this.leaps = statisticsOnly ? Leaps.ofRange(steps, time, rangeMs + beforeMs, afterMs) : null;
        long mintMs = time.firstMs(steps) - rangeMs + 1 - beforeMs;
        long maxtMs = time.lastMs(steps) + afterMs;
        this.series = context.querier(mintMs, maxtMs)
                .select(
                        new SelectHints(
                                mintMs, maxtMs, steps.count() > 1 ? steps.stepMs() : 0, rangeMs, function, false),
                        matchers);
    }

    @Override
    public boolean next() {
        while (series.next()) {
            context.checkpoint();
            context.budget().release(samples.size());
            samples.clear();
            series.samples(samples);
            memory.settle(samples);
            dropStalenessMarkers();
            if (samples.hasHistograms()) {
                HistogramSamples.toFloats(samples, leaps, context.progress());
            }
            context.budget().take(samples.size());
            if (!samples.isEmpty()) {
                return true;
            }
        }
        context.budget().release(samples.size());
        samples.clear();
        return false;
    }

    private void dropStalenessMarkers() {
        double[] values = samples.values();
        int size = samples.size();
        int first = 0;
        while (first < size) {
            int end = context.progress().pieceEnd(first, size);
            while (first < end && !StalenessMarker.is(values[first])) {
                first++;
            }
            if (first < end) {
                break;
            }
        }
        if (first == size) {
            return;
        }
        long[] timestampsMs = samples.timestampsMs();
        @Nullable NativeHistogram[] histograms = samples.hasHistograms() ? samples.histogramsForWriting() : null;
        long[] starts = samples.hasStartTimestamps() ? samples.startTimestampsForWriting() : null;
        int kept = first;
        for (int i = first + 1; i < size; ) {
            int end = context.progress().pieceEnd(i, size);
            for (; i < end; i++) {
                if (!StalenessMarker.is(values[i])) {
                    timestampsMs[kept] = timestampsMs[i];
                    values[kept] = values[i];
                    if (histograms != null) {
                        histograms[kept] = histograms[i];
                    }
                    if (starts != null) {
                        starts[kept] = starts[i];
                    }
                    kept++;
                }
            }
        }
        samples.setSize(kept);
    }

    @Override
    public Labels labels() {
        return series.labels();
    }

    @Override
    public boolean isNameDropped() {
        return false;
    }

    @Override
    public SampleBuffer samples() {
        return samples;
    }

    @Override
    public boolean hasOneName() {
        return oneName;
    }
}
