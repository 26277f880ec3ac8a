// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.model.FloatHistogram;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Gives what an expression is at one step for all steps: for expressions that do not depend on the step. */
final class RepeatOperator implements VectorOperator {
    private final QueryContext context;
    private final VectorOperator inner;
    private final int steps;

    /** @param inner gives columns of one step */
    RepeatOperator(QueryContext context, VectorOperator inner, int steps) {
        this.context = context;
        this.inner = inner;
        this.steps = steps;
    }

    @Override
    public @Nullable Column next() {
        Column once = inner.next();
        if (once == null) {
            return null;
        }
        Column column = context.columns().take(once.labels(), steps);
        column.setNameDropped(once.isNameDropped());
        FloatHistogram histogram = once.histogram(0);
        if (histogram == null) {
            Arrays.fill(column.values(), once.values()[0]);
        } else {
            for (int step = 0; step < steps; step++) {
                column.set(step, histogram);
            }
        }
        Presence.addAll(column.present(), steps);
        context.columns().release(once);
        context.columns().hold(column);
        return column;
    }

    @Override
    public boolean hasOneName() {
        return inner.hasOneName();
    }
}
