// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.model.CounterResetHint;
import dev.narthex.model.FloatHistogram;
import dev.narthex.model.Labels;
import dev.narthex.storage.SampleBuffer;

/** The samples that a subquery makes: the values of its expression at all of its own steps. */
final class SubqueryRange implements RangeSamples {
    private final QueryContext context;
    private final VectorOperator inner;
    private final Steps innerSteps;
    private final SampleMemory memory;
    private final SampleBuffer samples;
    private Labels labels = Labels.EMPTY;
    private boolean nameDropped;

    /** @param inner gives the values at the inner steps */
    SubqueryRange(QueryContext context, VectorOperator inner, Steps innerSteps) {
        this.context = context;
        this.memory = new SampleMemory(context.memory(), context.progress());
        this.samples = new SampleBuffer(memory);
        this.inner = inner;
        this.innerSteps = innerSteps;
    }

    /**
     * The steps of a subquery that all of the outer steps need: multiples of the resolution, after the start of the first
     * range, up to the end of the last.
     */
    static Steps innerSteps(Steps outer, SelectorTime time, long rangeMs, long resolutionMs) {
        long afterMs = time.firstMs(outer) - rangeMs;
        long startMs = Math.multiplyExact(Math.floorDiv(afterMs, resolutionMs) + 1, resolutionMs);
        return Steps.range(startMs, time.lastMs(outer), resolutionMs);
    }

    @Override
    public boolean next() {
        context.budget().release(samples.size());
        samples.clear();
        Column column = inner.next();
        if (column == null) {
            return false;
        }
        context.checkpoint();
        labels = column.labels();
        nameDropped = column.isNameDropped();
        for (int step = Presence.next(column.present(), 0); step >= 0; ) {
            context.progress().work(1);
            FloatHistogram histogram = column.histogram(step);
            if (histogram == null) {
                samples.add(innerSteps.timeMs(step), column.values()[step]);
            } else {
                samples.add(innerSteps.timeMs(step), withoutResetHint(histogram));
            }
            step = step + 1 < innerSteps.count() ? Presence.next(column.present(), step + 1) : -1;
        }
        memory.settle(samples);
        context.columns().release(column);
        context.budget().take(samples.size());
        return true;
    }

    /** What is known of a histogram is about the sample before it, which need not be among these. */
    private static FloatHistogram withoutResetHint(FloatHistogram histogram) {
        return histogram.counterResetHint() == CounterResetHint.GAUGE
                ? histogram
                : histogram.withHint(CounterResetHint.UNKNOWN);
    }

    @Override
    public Labels labels() {
        return labels;
    }

    @Override
    public boolean isNameDropped() {
        return nameDropped;
    }

    @Override
    public SampleBuffer samples() {
        return samples;
    }

    @Override
    public boolean hasOneName() {
        return inner.hasOneName();
    }
}
