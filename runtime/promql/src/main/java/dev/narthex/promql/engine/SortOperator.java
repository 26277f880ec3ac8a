// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Sorts the series of an instant query. */
final class SortOperator extends BufferedOperator {
    private final QueryContext context;
    private final VectorOperator inner;
    private final Comparator<Column> order;
    private final boolean byValue;

    private SortOperator(QueryContext context, VectorOperator inner, Comparator<Column> order, boolean byValue) {
        this.context = context;
        this.inner = inner;
        this.order = order;
        this.byValue = byValue;
    }

    /** Sorts by value; native histograms have none, and are left out. */
    static SortOperator ofValues(QueryContext context, VectorOperator inner, boolean descending) {
        return new SortOperator(context, inner, byValue(descending), true);
    }

    static SortOperator ofLabels(QueryContext context, VectorOperator inner, List<String> names, boolean descending) {
        return new SortOperator(context, inner, byLabels(names, descending), false);
    }

    /** By value, not-a-numbers last whatever the direction. */
    private static Comparator<Column> byValue(boolean descending) {
        return (left, right) -> {
            double a = left.values()[0];
            double b = right.values()[0];
            if (Double.isNaN(a) || Double.isNaN(b)) {
                return Boolean.compare(Double.isNaN(a), Double.isNaN(b));
            }
            // Unlike Double.compare, 0 equals -0.
            if (a == b) {
                return 0;
            }
            return a < b != descending ? -1 : 1;
        };
    }

    /** By the values of labels, the first label first, numbers in them by their size; then by all labels. */
    private static Comparator<Column> byLabels(List<String> names, boolean descending) {
        Comparator<Column> order = (left, right) -> {
            for (String name : names) {
                int byName = NaturalOrder.compare(
                        left.labels().getOrEmpty(name), right.labels().getOrEmpty(name));
                if (byName != 0) {
                    return byName;
                }
            }
            return left.labels().compareTo(right.labels());
        };
        return descending ? order.reversed() : order;
    }

    @Override
    ArrayDeque<Column> evaluate() {
        List<Column> all = new ArrayList<>();
        for (Column column = inner.next(); column != null; column = inner.next()) {
            context.columns().work(column);
            if (byValue) {
                column.dropHistograms();
            }
            if (!column.isEmpty()) {
                all.add(column);
            }
        }
        all.sort(context.progress().counted(order));
        return new ArrayDeque<>(all);
    }

    @Override
    public boolean hasOneName() {
        return inner.hasOneName();
    }
}
