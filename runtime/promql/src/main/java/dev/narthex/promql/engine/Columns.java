// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.model.Labels;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** The columns of a query: made where none is free, and used again from series to series. */
final class Columns {
    private static final int MAX_FREE = 64;

    private final SampleBudget budget;
    private final Map<Integer, ArrayDeque<Column>> free = new HashMap<>();
    private int lastSteps = -1;
    private ArrayDeque<Column> freeOfLast = new ArrayDeque<>();

    Columns(SampleBudget budget) {
        this.budget = budget;
    }

    /** A column without values. */
    Column take(Labels labels, int steps) {
        Column column = free(steps).pollLast();
        if (column == null) {
            column = new Column(steps);
        }
        column.setLabels(labels);
        return column;
    }

    /** The free columns of a length, which mostly is the same as before. */
    private ArrayDeque<Column> free(int steps) {
        if (steps != lastSteps) {
            freeOfLast = free.computeIfAbsent(steps, _ -> new ArrayDeque<>());
            lastSteps = steps;
        }
        return freeOfLast;
    }

    /** Counts the values that a column has now against the limit of the query. */
    void hold(Column column) {
        int samples = Presence.count(column.present());
        budget.take(samples - column.held());
        column.setHeld(samples);
    }

    /** Takes back a column that nobody needs any more. */
    void release(Column column) {
        budget.release(column.held());
        ArrayDeque<Column> ofLength = free(column.steps());
        if (ofLength.size() < MAX_FREE) {
            Arrays.fill(column.present(), 0);
            column.forgetHistograms();
            column.setNameDropped(false);
            column.setHeld(0);
            column.setLabels(Labels.EMPTY);
            ofLength.addLast(column);
        }
    }
}
