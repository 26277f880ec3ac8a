// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import org.jspecify.annotations.Nullable;

/** Changes each series by itself, in place; a series that has no values afterwards goes. */
final class MapOperator implements VectorOperator {
    private final QueryContext context;
    private final VectorOperator inner;
    private final ColumnChange change;
    private final Runnable finish;

    /** What happens to a series. */
    @FunctionalInterface
    interface ColumnChange {
        void apply(Column column);
    }

    /** A function of one number. */
    @FunctionalInterface
    interface ValueFunction {
        double apply(double value);
    }

    MapOperator(QueryContext context, VectorOperator inner, ColumnChange change) {
        this(context, inner, change, () -> {});
    }

    /** @param finish is called once, after the last series */
    MapOperator(QueryContext context, VectorOperator inner, ColumnChange change, Runnable finish) {
        this.finish = finish;
        this.context = context;
        this.inner = inner;
        this.change = change;
    }

    /** Applies a function to each number, and leaves out native histograms. */
    static ColumnChange values(ValueFunction function) {
        return column -> {
            column.dropHistograms();
            double[] values = column.values();
            long[] present = column.present();
            for (int step = Presence.next(present, 0); step >= 0; step = Presence.next(present, step + 1)) {
                values[step] = function.apply(values[step]);
            }
        };
    }

    @Override
    public @Nullable Column next() {
        for (Column column = inner.next(); column != null; column = inner.next()) {
            context.columns().work(column);
            change.apply(column);
            if (!column.isEmpty()) {
                return column;
            }
            context.columns().release(column);
        }
        finish.run();
        return null;
    }

    @Override
    public boolean hasOneName() {
        return inner.hasOneName();
    }
}
