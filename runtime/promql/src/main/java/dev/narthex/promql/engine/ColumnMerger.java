// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.model.Labels;
import dev.narthex.promql.value.QueryException;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Puts columns of the same labels together, as it must be where labels are changed: two of them may not have a value at
 * the same step.
 */
final class ColumnMerger {
    static final String DUPLICATE = "vector cannot contain metrics with the same labelset";

    private final Columns columns;
    private final String problem;
    private final Map<Labels, Column> merged = new LinkedHashMap<>();

    /** The histograms that lie beside floats of the same labels and step. */
    private final Map<Labels, Column> beside = new HashMap<>();

    private final Pairs pairs;

    /** What becomes of a float and a histogram of the same labels at the same step. */
    enum Pairs {
        REFUSED,
        /** The float stays. */
        FLOATS,
        /** Both stay: the histogram in a column of its own, which comes behind that of the float. */
        BOTH
    }

    ColumnMerger(Columns columns) {
        this(columns, DUPLICATE);
    }

    /** @param problem what it is when two columns have a value at the same step */
    ColumnMerger(Columns columns, String problem) {
        this(columns, problem, Pairs.REFUSED);
    }

    private ColumnMerger(Columns columns, String problem, Pairs pairs) {
        this.columns = columns;
        this.problem = problem;
        this.pairs = pairs;
    }

    /**
     * One for which a float and a histogram at the same step are no duplicates: so they are in Prometheus to the functions
     * that change labels.
     *
     * @param shown whether the result of the query shows both; whatever else looks at such a pair sees the float
     */
    static ColumnMerger ofChangedLabels(Columns columns, boolean shown) {
        return new ColumnMerger(columns, DUPLICATE, shown ? Pairs.BOTH : Pairs.FLOATS);
    }

    /** Adds a column whose labels no other one may have, at whatever step. */
    void addUnique(Column column) {
        columns.work(column);
        if (merged.putIfAbsent(column.labels(), column) != null) {
            throw QueryException.execution(problem);
        }
    }

    void add(Column column) {
        columns.work(column);
        Column present = merged.putIfAbsent(column.labels(), column);
        if (present == null) {
            return;
        }
        if (Presence.intersects(present.present(), column.present())) {
            if (pairs == Pairs.REFUSED || (!present.hasHistograms() && !column.hasHistograms())) {
                throw QueryException.execution(problem);
            }
            separate(present, column);
        }
        if (Presence.next(column.present(), 0) < Presence.next(present.present(), 0)) {
            // As in Prometheus, the first sample decides.
            present.setNameDropped(column.isNameDropped());
        }
        for (int step = Presence.next(column.present(), 0);
                step >= 0;
                step = Presence.next(column.present(), step + 1)) {
            present.set(step, column, step);
        }
        columns.release(column);
        columns.hold(present);
    }

    /** Puts histograms aside at the steps at which the other column has a float; there may not be two of one kind. */
    private void separate(Column left, Column right) {
        Column aside = beside.computeIfAbsent(left.labels(), labels -> columns.take(labels, left.steps()));
        for (int step = Presence.next(left.present(), 0); step >= 0; step = Presence.next(left.present(), step + 1)) {
            if (Presence.has(right.present(), step)) {
                boolean leftIsFloat = left.histogram(step) == null;
                if (leftIsFloat == (right.histogram(step) == null) || Presence.has(aside.present(), step)) {
                    throw QueryException.execution(problem);
                }
                Column histograms = leftIsFloat ? right : left;
                aside.set(step, histograms, step);
                Presence.remove(histograms.present(), step);
            }
        }
    }

    /** All merged columns in the order in which their labels came; there are none left afterwards. */
    ArrayDeque<Column> drain() {
        ArrayDeque<Column> all = new ArrayDeque<>();
        for (Column column : merged.values()) {
            all.add(column);
            Column aside = beside.get(column.labels());
            if (aside != null && pairs == Pairs.BOTH) {
                aside.setNameDropped(column.isNameDropped());
                columns.hold(aside);
                all.add(aside);
            }
        }
        merged.clear();
        beside.clear();
        return all;
    }
}
