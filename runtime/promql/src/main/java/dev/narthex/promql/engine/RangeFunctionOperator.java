// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.model.Labels;
import org.jspecify.annotations.Nullable;

/** Applies a function over ranges to each series. */
final class RangeFunctionOperator implements VectorOperator {
    private final QueryContext context;
    private final RangeSamples source;
    private final Windows windows;
    private final RangeFunction function;
    private final MixedRangeFunction histograms;
    private final @Nullable MixedRangeFunction starts;
    private final SeriesObserver observer;

    /** Sees the labels of each series that gave a number. */
    @FunctionalInterface
    interface SeriesObserver {
        void sees(Labels series);
    }

    RangeFunctionOperator(
            QueryContext context,
            RangeSamples source,
            Windows windows,
            RangeFunction function,
            MixedRangeFunction histograms,
            SeriesObserver observer) {
        this(context, source, windows, function, histograms, null, observer);
    }

    /** @param starts for floats with start timestamps, null where those are not looked at */
    RangeFunctionOperator(
            QueryContext context,
            RangeSamples source,
            Windows windows,
            RangeFunction function,
            MixedRangeFunction histograms,
            @Nullable MixedRangeFunction starts,
            SeriesObserver observer) {
        this.starts = starts;
        this.histograms = histograms;
        this.context = context;
        this.source = source;
        this.windows = windows;
        this.function = function;
        this.observer = observer;
    }

    @Override
    public @Nullable Column next() {
        while (source.next()) {
            windows.slide(source.samples());
            Column column = context.columns().take(source.labels(), windows.count());
            column.setNameDropped(source.isNameDropped());
            if (source.samples().hasHistograms()) {
                histograms.apply(source.labels(), source.samples(), windows, column);
            } else if (starts != null && source.samples().hasStartTimestamps()) {
                starts.apply(source.labels(), source.samples(), windows, column);
            } else {
                function.apply(source.samples(), windows, column);
            }
            if (!column.isEmpty()) {
                if (!column.hasHistograms() || hasNumber(column)) {
                    observer.sees(column.labels());
                }
                context.columns().hold(column);
                return column;
            }
            context.columns().release(column);
        }
        return null;
    }

    private static boolean hasNumber(Column column) {
        for (int step = Presence.next(column.present(), 0); step >= 0; ) {
            if (column.histogram(step) == null) {
                return true;
            }
            step = Presence.next(column.present(), step + 1);
        }
        return false;
    }

    @Override
    public boolean hasOneName() {
        return source.hasOneName();
    }
}
