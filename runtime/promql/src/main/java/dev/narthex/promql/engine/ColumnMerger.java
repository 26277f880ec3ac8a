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

    ColumnMerger(Columns columns) {
        this(columns, DUPLICATE);
    }

    /** @param problem what it is when two columns have a value at the same step */
    ColumnMerger(Columns columns, String problem) {
        this.columns = columns;
        this.problem = problem;
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
        if (Presence.intersects(present.present(), column.present())) {
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

    /** All merged columns in the order in which their labels came; there are none left afterwards. */
    ArrayDeque<Column> drain() {
        ArrayDeque<Column> all = new ArrayDeque<>(merged.values());
        merged.clear();
        return all;
    }
}
