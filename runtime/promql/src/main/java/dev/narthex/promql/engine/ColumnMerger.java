// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.model.Labels;
import dev.narthex.promql.value.QueryException;
import java.util.ArrayDeque;
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

    private final boolean floatsBesideHistograms;

    ColumnMerger(Columns columns) {
        this(columns, DUPLICATE);
    }

    /** @param problem what it is when two columns have a value at the same step */
    ColumnMerger(Columns columns, String problem) {
        this(columns, problem, false);
    }

    private ColumnMerger(Columns columns, String problem, boolean floatsBesideHistograms) {
        this.columns = columns;
        this.problem = problem;
        this.floatsBesideHistograms = floatsBesideHistograms;
    }

    /**
     * One for which a float and a histogram at the same step are no duplicates: so they are in Prometheus to the functions
     * that change labels. Whatever looks at such a pair then sees the float.
     */
    static ColumnMerger ofChangedLabels(Columns columns) {
        return new ColumnMerger(columns, DUPLICATE, true);
    }

    /** Adds a column whose labels no other one may have, at whatever step. */
    void addUnique(Column column) {
        if (merged.putIfAbsent(column.labels(), column) != null) {
            throw QueryException.execution(problem);
        }
    }

    void add(Column column) {
        Column present = merged.putIfAbsent(column.labels(), column);
        if (present == null) {
            return;
        }
        if (Presence.intersects(present.present(), column.present()) && !leaveFloats(present, column)) {
            throw QueryException.execution(problem);
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

    /**
     * Takes histograms away at the steps at which the other column has a float; says whether that was all that both have.
     */
    private boolean leaveFloats(Column left, Column right) {
        if (!floatsBesideHistograms || (!left.hasHistograms() && !right.hasHistograms())) {
            return false;
        }
        for (int step = Presence.next(left.present(), 0); step >= 0; step = Presence.next(left.present(), step + 1)) {
            if (Presence.has(right.present(), step)) {
                boolean leftIsFloat = left.histogram(step) == null;
                if (leftIsFloat == (right.histogram(step) == null)) {
                    return false;
                }
                Presence.remove((leftIsFloat ? right : left).present(), step);
            }
        }
        return true;
    }

    /** All merged columns in the order in which their labels came; there are none left afterwards. */
    ArrayDeque<Column> drain() {
        ArrayDeque<Column> all = new ArrayDeque<>(merged.values());
        merged.clear();
        return all;
    }
}
