// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** Sorts the series of an instant query. */
final class SortOperator extends BufferedOperator {
    /** What it takes to compare two series. */
    private static final int WORK = 8;

    private final QueryContext context;
    private final VectorOperator inner;
    private final boolean byValue;
    private final List<String> names;
    private final boolean descending;

    /** @param names labels to sort by, none where values are sorted by */
    private SortOperator(
            QueryContext context, VectorOperator inner, boolean byValue, List<String> names, boolean descending) {
        this.context = context;
        this.inner = inner;
        this.byValue = byValue;
        this.names = List.copyOf(names);
        this.descending = descending;
    }

    /** Sorts by value, not-a-numbers last whatever the direction; native histograms have none, and are left out. */
    static SortOperator ofValues(QueryContext context, VectorOperator inner, boolean descending) {
        return new SortOperator(context, inner, true, List.of(), descending);
    }

    /** Sorts by the values of labels, the first label first, numbers in them by their size; then by all labels. */
    static SortOperator ofLabels(QueryContext context, VectorOperator inner, List<String> names, boolean descending) {
        return new SortOperator(context, inner, false, names, descending);
    }

    /** Whether a series goes before another one, as Prometheus says; it puts not-a-numbers before each other. */
    private boolean isBefore(Column left, Column right) {
        context.progress().work(WORK);
        return byValue ? isBeforeByValue(left.values()[0], right.values()[0]) : isBeforeByLabels(left, right);
    }

    private boolean isBeforeByValue(double left, double right) {
        return Double.isNaN(right) || (descending ? left > right : left < right);
    }

    /**
     * Where a label is missing in one of both, they stay as they are, and those of numbers of the same size are turned round;
     * descending, the other way.
     */
    private boolean isBeforeByLabels(Column left, Column right) {
        for (String name : names) {
            String one = left.labels().getOrEmpty(name);
            String other = right.labels().getOrEmpty(name);
            if (!one.equals(other)) {
                boolean missing = one.isEmpty() || other.isEmpty();
                boolean before = !missing && NaturalOrder.compare(one, other) <= 0;
                return before != descending;
            }
        }
        return descending == left.labels().compareTo(right.labels()) > 0;
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
        UnstableSort.sort(all, this::isBefore);
        return new ArrayDeque<>(all);
    }

    @Override
    public boolean hasOneName() {
        return inner.hasOneName();
    }
}
