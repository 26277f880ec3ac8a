// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.model.Labels;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One series that is made when it is asked for. */
final class SingleColumn implements VectorOperator {
    private @Nullable Supplier<@Nullable Column> source;

    SingleColumn(Supplier<@Nullable Column> source) {
        this.source = source;
    }

    /** A series without labels that has the same numbers as a scalar. */
    static SingleColumn ofScalar(QueryContext context, double[] values) {
        return new SingleColumn(() -> {
            Column column = context.columns().take(Labels.EMPTY, values.length);
            System.arraycopy(values, 0, column.values(), 0, values.length);
            Presence.addAll(column.present(), values.length);
            context.columns().hold(column);
            return column;
        });
    }

    @Override
    public @Nullable Column next() {
        Supplier<@Nullable Column> once = source;
        source = null;
        return once == null ? null : once.get();
    }

    @Override
    public boolean hasOneName() {
        return true;
    }
}
