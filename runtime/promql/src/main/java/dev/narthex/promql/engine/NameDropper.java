// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.promql.value.QueryException;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Takes the metric name off, as functions and arithmetic do; under delayed name removal it is only marked to go at the
 * end of the query. Series that become equal are merged.
 */
final class NameDropper {
    private NameDropper() {}

    static VectorOperator of(QueryContext context, VectorOperator inner) {
        return of(context, inner, Duplicates.AT_A_STEP);
    }

    /**
     * For the minus in front of a vector: a float and a histogram may become equal, as in Prometheus.
     *
     * @param showsPairs see {@link ColumnMerger#ofChangedLabels}
     */
    static VectorOperator ofMinus(QueryContext context, VectorOperator inner, boolean showsPairs) {
        return of(context, inner, showsPairs ? Duplicates.OF_ONE_KIND_SHOWN : Duplicates.OF_ONE_KIND);
    }

    /** For functions over ranges: series that become equal are an error, even if they have no step in common. */
    static VectorOperator ofRangeFunction(QueryContext context, VectorOperator inner) {
        return of(context, inner, Duplicates.AT_ALL);
    }

    private static VectorOperator of(QueryContext context, VectorOperator inner, Duplicates duplicates) {
        if (context.delaysNameRemoval()) {
            return new Marking(inner);
        }
        Merging merging = new Merging(context, inner, duplicates);
        return inner.hasOneName() ? new Streaming(context, inner, merging) : merging;
    }

    /** When series that become equal are an error. */
    private enum Duplicates {
        AT_ALL,
        AT_A_STEP,
        /** Where both have a float, or both a histogram, at a step. */
        OF_ONE_KIND,
        /** The same where the result shows both. */
        OF_ONE_KIND_SHOWN
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

    /** For series of one name: they stay different without it, unless they differ in type or unit. */
    private static final class Streaming implements VectorOperator {
        private final QueryContext context;
        private final VectorOperator inner;
        private final Merging merging;
        private final LabelPrints given;
        private boolean merges;

        Streaming(QueryContext context, VectorOperator inner, Merging merging) {
            this.context = context;
            this.inner = inner;
            this.merging = merging;
            this.given = new LabelPrints(context.memory());
        }

        @Override
        public @Nullable Column next() {
            Column column = merges ? null : inner.next();
            if (column == null) {
                return merges ? merging.next() : null;
            }
            if (QueryContext.hasTypeOrUnit(column.labels())) {
                merges = true;
                merging.begin(column, given);
                return merging.next();
            }
            column.setLabels(context.dropName(column.labels()));
            given.add(column.labels());
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
        private final Duplicates duplicates;
        private @Nullable Column first;
        private @Nullable LabelPrints before;

        Merging(QueryContext context, VectorOperator inner, Duplicates duplicates) {
            this.duplicates = duplicates;
            this.context = context;
            this.inner = inner;
        }

        /** Starts with a column that was taken already, where others of these labels were given out. */
        void begin(Column column, LabelPrints given) {
            first = column;
            before = given;
        }

        @Override
        ArrayDeque<Column> evaluate() {
            ColumnMerger merger = switch (duplicates) {
                case AT_ALL, AT_A_STEP -> new ColumnMerger(context.columns());
                case OF_ONE_KIND -> ColumnMerger.ofChangedLabels(context.columns(), false);
                case OF_ONE_KIND_SHOWN -> ColumnMerger.ofChangedLabels(context.columns(), true);
            };
            for (Column column = first == null ? inner.next() : first; column != null; column = inner.next()) {
                column.setLabels(context.dropName(column.labels()));
                if (before != null && before.contains(column.labels())) {
                    throw QueryException.execution(ColumnMerger.DUPLICATE);
                }
                if (duplicates == Duplicates.AT_ALL) {
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
