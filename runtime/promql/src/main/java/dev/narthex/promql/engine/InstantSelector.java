// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.model.MatchOp;
import dev.narthex.model.NativeHistogram;
import dev.narthex.model.StalenessMarker;
import dev.narthex.storage.SampleBuffer;
import dev.narthex.storage.SelectHints;
import dev.narthex.storage.SeriesSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The series that a selector means, at each step with the newest sample that is not older than the lookback (open on
 * the left). The samples of a series are decoded once and walked through once.
 */
final class InstantSelector implements VectorOperator {
    private static final int LOOK_MASK = Progress.mask(1);

    private final QueryContext context;
    private final Steps steps;
    private final SelectorTime time;
    private final Reading reading;
    private final @Nullable Leaps leaps;
    private final boolean oneName;
    private final SampleCounts.Part counts;
    private final SeriesSet series;
    private final SampleMemory memory;
    private final SampleBuffer samples;

    /**
     * Selects series.
     *
     * @param reading what is read of each sample
     * @param statisticsOnly see {@link HistogramSamples#toFloats}
     * @param counts where the samples are counted
     */
    InstantSelector(
            QueryContext context,
            List<LabelMatcher> matchers,
            Steps steps,
            SelectorTime time,
            Reading reading,
            boolean statisticsOnly,
            SampleCounts.Part counts) {
        this(context, matchers, steps, time, time, reading, statisticsOnly, counts);
    }

    /**
     * As above.
     *
     * @param selected the moments for which samples are selected, when others than those that are looked at
     */
    InstantSelector(
            QueryContext context,
            List<LabelMatcher> matchers,
            Steps steps,
            SelectorTime time,
            SelectorTime selected,
            Reading reading,
            boolean statisticsOnly,
            SampleCounts.Part counts) {
        this.counts = counts;
        this.context = context;
        this.memory = new SampleMemory(context.memory(), context.progress());
        this.samples = new SampleBuffer(memory);
        this.steps = steps;
        this.time = time;
        this.reading = reading;
        this.leaps = statisticsOnly ? Leaps.ofInstant(steps, time, context.lookbackMs()) : null;
        this.oneName = hasOneName(matchers);
        long mintMs = selected.firstMs(steps) - context.lookbackMs() + 1;
        long maxtMs = selected.lastMs(steps);
        // Where all steps look at the moment that is selected, the newest sample before it is all that is read.
        SelectHints hints = time.firstMs(steps) == maxtMs && time.equals(selected)
                ? SelectHints.newest(mintMs, maxtMs)
                : new SelectHints(mintMs, maxtMs, steps.count() > 1 ? steps.stepMs() : 0, 0, "", false);
        this.series = context.querier(mintMs, maxtMs).select(hints, matchers);
    }

    /** Whether matchers let one metric name through only. */
    static boolean hasOneName(List<LabelMatcher> matchers) {
        return matchers.stream()
                .anyMatch(matcher ->
                        matcher.op() == MatchOp.EQUAL && matcher.name().equals(Labels.METRIC_NAME));
    }

    @Override
    public boolean hasOneName() {
        return oneName;
    }

    @Override
    public @Nullable Column next() {
        while (series.next()) {
            context.checkpoint();
            samples.clear();
            series.samples(samples);
            memory.settle(samples);
            if (samples.isEmpty()) {
                continue;
            }
            context.budget().take(samples.size());
            Column column = context.columns().take(series.labels(), steps.count());
            if (samples.hasHistograms()) {
                HistogramSamples.toFloats(samples, leaps, context.progress());
            }
            int found = samples.hasHistograms() ? fillWithHistograms(column) : fill(column);
            context.budget().release(samples.size());
            if (found > 0) {
                counts.addAll(column);
                context.columns().hold(column);
                return column;
            }
            context.columns().release(column);
        }
        return null;
    }

    /** What is read of each sample. */
    enum Reading {
        VALUE,
        /** When it was taken, in seconds. */
        TIMESTAMP,
        /** When the counting began that it shows, in seconds; 0 where that is not known. */
        START_TIMESTAMP
    }

    private double timeOf(int sample) {
        return (reading == Reading.TIMESTAMP ? samples.timestampMs(sample) : samples.startTimestampMs(sample)) / 1000.0;
    }

    private int fill(Column column) {
        boolean asValues = reading == Reading.VALUE;
        long[] timestampsMs = samples.timestampsMs();
        double[] values = samples.values();
        int last = samples.size() - 1;
        long lookbackMs = context.lookbackMs();
        double[] results = column.values();
        long[] present = column.present();
        int found = 0;
        int at = 0;
        for (int step = 0; step < steps.count(); step++) {
            if ((step & LOOK_MASK) == 0) {
                context.checkpoint();
            }
            long now = time.timeMs(steps, step);
            while (last - at > Progress.PIECE && timestampsMs[at + Progress.PIECE] <= now) {
                at += Progress.PIECE;
            }
            while (at < last && timestampsMs[at + 1] <= now) {
                at++;
            }
            long timestampMs = timestampsMs[at];
            if (timestampMs <= now && timestampMs > now - lookbackMs && !StalenessMarker.is(values[at])) {
                results[step] = asValues ? values[at] : timeOf(at);
                Presence.add(present, step);
                found++;
            }
        }
        return found;
    }

    /** As {@link #fill}, where some samples are native histograms. */
    private int fillWithHistograms(Column column) {
        int found = 0;
        int at = 0;
        int last = samples.size() - 1;
        for (int step = 0; step < steps.count(); step++) {
            if ((step & LOOK_MASK) == 0) {
                context.checkpoint();
            }
            long now = time.timeMs(steps, step);
            while (last - at > Progress.PIECE && samples.timestampMs(at + Progress.PIECE) <= now) {
                at += Progress.PIECE;
            }
            while (at < last && samples.timestampMs(at + 1) <= now) {
                at++;
            }
            long timestampMs = samples.timestampMs(at);
            if (timestampMs > now
                    || timestampMs <= now - context.lookbackMs()
                    || StalenessMarker.is(samples.value(at))) {
                continue;
            }
            NativeHistogram histogram = samples.histogram(at);
            if (reading != Reading.VALUE) {
                column.set(step, timeOf(at));
            } else if (histogram == null) {
                column.set(step, samples.value(at));
            } else {
                column.set(step, histogram.toFloat());
            }
            found++;
        }
        return found;
    }
}
