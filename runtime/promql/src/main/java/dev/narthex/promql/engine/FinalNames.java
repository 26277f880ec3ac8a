// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import java.util.ArrayDeque;

/** The end of a query under delayed name removal: takes the names off that were marked, and merges what becomes equal. */
final class FinalNames extends BufferedOperator {
    private final QueryContext context;
    private final VectorOperator inner;

    FinalNames(QueryContext context, VectorOperator inner) {
        this.context = context;
        this.inner = inner;
    }

    @Override
    ArrayDeque<Column> evaluate() {
        ColumnMerger merger = ColumnMerger.ofChangedLabels(context.columns(), true);
        for (Column column = inner.next(); column != null; column = inner.next()) {
            if (column.isNameDropped()) {
                column.setLabels(context.dropName(column.labels()));
            }
            merger.add(column);
        }
        return merger.drain();
    }

    @Override
    public boolean hasOneName() {
        return false;
    }
}
