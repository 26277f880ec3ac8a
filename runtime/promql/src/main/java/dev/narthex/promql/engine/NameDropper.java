// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Takes the metric name off, as functions and arithmetic do; under delayed name removal it is only marked to go at the
 * end of the query. Series that become equal are merged.
 */
final class NameDropper {
    private NameDropper() {}

    static VectorOperator of(QueryContext context, VectorOperator inner) {
        return of(context, inner, false);
    }

    /** For functions over ranges: series that become equal are an error, even if they have no step in common. */
    static VectorOperator ofRangeFunction(QueryContext context, VectorOperator inner) {
        return of(context, inner, true);
    }

    private static VectorOperator of(QueryContext context, VectorOperator inner, boolean strict) {
        if (context.delaysNameRemoval()) {
            return new Marking(inner);
        }
        return inner.hasOneName() && context.nameLabels().size() == 1
                ? new Streaming(inner)
                : new Merging(context, inner, strict);
    }

    private record Marking(VectorOperator inner) implements VectorOperator {
        @Override
        public @Nullable Column next() {
            Column column = inner.next();
            if (column != null) {
                column.setNameDropped(true);
            }
            return column;
        }

        @Override
        public boolean hasOneName() {
            return inner.hasOneName();
        }
    }

    private record Streaming(VectorOperator inner) implements VectorOperator {
        @Override
        public @Nullable Column next() {
            Column column = inner.next();
            if (column != null) {
                column.setLabels(column.labels().withoutMetricName());
            }
            return column;
        }

        @Override
        public boolean hasOneName() {
            return true;
        }
    }

    private static final class Merging extends BufferedOperator {
        private final QueryContext context;
        private final VectorOperator inner;
        private final boolean strict;

        Merging(QueryContext context, VectorOperator inner, boolean strict) {
            this.strict = strict;
            this.context = context;
            this.inner = inner;
        }

        @Override
        ArrayDeque<Column> evaluate() {
            ColumnMerger merger = new ColumnMerger(context.columns());
            for (Column column = inner.next(); column != null; column = inner.next()) {
                column.setLabels(context.dropName(column.labels()));
                if (strict) {
                    merger.addUnique(column);
                } else {
                    merger.add(column);
                }
            }
            return merger.drain();
        }

        @Override
        public boolean hasOneName() {
            return true;
        }
    }
}
