// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/** Sorts the series of an instant query. */
final class SortOperator extends BufferedOperator {
    /** Up to so many series Prometheus sorts by insertion. */
    private static final int FEW = 12;

    private final QueryContext context;
    private final VectorOperator inner;
    private final Comparator<Column> order;
    private final boolean byValue;
    private final List<String> names;
    private final boolean descending;

    /** @param names labels to sort by, none where values are sorted by */
    private SortOperator(
            QueryContext context,
            VectorOperator inner,
            Comparator<Column> order,
            boolean byValue,
            List<String> names,
            boolean descending) {
        this.context = context;
        this.inner = inner;
        this.order = order;
        this.byValue = byValue;
        this.names = List.copyOf(names);
        this.descending = descending;
    }

    /** Sorts by value; native histograms have none, and are left out. */
    static SortOperator ofValues(QueryContext context, VectorOperator inner, boolean descending) {
        return new SortOperator(context, inner, byValue(descending), true, List.of(), descending);
    }

    static SortOperator ofLabels(QueryContext context, VectorOperator inner, List<String> names, boolean descending) {
        return new SortOperator(context, inner, byLabels(names, descending), false, names, descending);
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

    /**
     * Whether a series goes before the one that came before it, as Prometheus finds it for a few series: where a label is
     * missing in one of both, they stay, and those of numbers of the same size are turned round; descending, the other way.
     */
    private static boolean isFirst(Column later, Column earlier, List<String> names, boolean descending) {
        for (String name : names) {
            String left = later.labels().getOrEmpty(name);
            String right = earlier.labels().getOrEmpty(name);
            if (!left.equals(right)) {
                boolean missing = left.isEmpty() || right.isEmpty();
                boolean before = !missing && NaturalOrder.compare(left, right) <= 0;
                return before != descending;
            }
        }
        return descending == later.labels().compareTo(earlier.labels()) > 0;
    }

    /** Sorts by insertion, which has a result whatever is first. */
    private static void sortFew(List<Column> columns, List<String> names, boolean descending) {
        for (int i = 1; i < columns.size(); i++) {
            for (int j = i; j > 0 && isFirst(columns.get(j), columns.get(j - 1), names, descending); j--) {
                Collections.swap(columns, j, j - 1);
            }
        }
    }

    /** The not-a-numbers at the end, which Prometheus puts before each other when there are few series. */
    private static List<Column> notNumbers(List<Column> sorted) {
        int from = sorted.size();
        while (from > 0 && Double.isNaN(sorted.get(from - 1).values()[0])) {
            from--;
        }
        return sorted.subList(from, sorted.size());
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
        if (!byValue && all.size() <= FEW) {
            sortFew(all, names, descending);
        } else {
            all.sort(context.progress().counted(order));
        }
        if (byValue && all.size() <= FEW) {
            Collections.reverse(notNumbers(all));
        }
        return new ArrayDeque<>(all);
    }

    @Override
    public boolean hasOneName() {
        return inner.hasOneName();
    }
}
