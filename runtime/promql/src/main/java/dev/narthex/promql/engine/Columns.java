// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.model.FloatHistogram;
import dev.narthex.model.Labels;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** The columns of a query: made where none is free, and used again from series to series. */
final class Columns {
    private static final int MAX_FREE = 64;
    private static final int SERIES_WORK = 16;

    private final SampleBudget budget;
    private final QueryMemory memory;
    private final Progress progress;
    private final Map<Integer, ArrayDeque<Column>> free = new HashMap<>();
    private int lastSteps = -1;
    private ArrayDeque<Column> freeOfLast = new ArrayDeque<>();

    Columns(SampleBudget budget, QueryMemory memory, Progress progress) {
        this.progress = progress;
        this.budget = budget;
        this.memory = memory;
    }

    /** A column without values. */
    Column take(Labels labels, int steps) {
        progress.work(SERIES_WORK + steps);
        Column column = free(steps).pollLast();
        if (column == null) {
            memory.take(Column.bytes(steps));
            column = new Column(steps);
        }
        relabel(column, labels);
        return column;
    }

    /** Gives a column labels that hold texts of their own. */
    void relabel(Column column, Labels labels) {
        long bytes = QueryMemory.bytes(labels);
        memory.take(bytes - column.labelBytes());
        column.setLabelBytes(bytes);
        column.setLabels(labels);
    }

    /** The free columns of a length, which mostly is the same as before. */
    private ArrayDeque<Column> free(int steps) {
        if (steps != lastSteps) {
            freeOfLast = free.computeIfAbsent(steps, _ -> new ArrayDeque<>());
            lastSteps = steps;
        }
        return freeOfLast;
    }

    /** Says that something was done with a column, once for each of its steps at most. */
    void work(Column column) {
        progress.work(SERIES_WORK + (long) column.steps() * (column.hasHistograms() ? Progress.HISTOGRAM : 1));
    }

    /** Counts the values that a column has now against the limits of the query. */
    void hold(Column column) {
        int samples = Presence.count(column.present());
        progress.work(SERIES_WORK + column.steps());
        budget.take(samples - column.held());
        column.setHeld(samples);
        if (column.hasHistograms() || column.histogramBytes() > 0) {
            progress.work(8L * samples);
            long bytes = histogramBytes(column);
            memory.take(bytes - column.histogramBytes());
            column.setHistogramBytes(bytes);
        }
    }

    /** What the histograms of a column take; one that stands at several steps in a row counts once. */
    @SuppressWarnings("ReferenceEquality") // the same object takes no more memory
    private static long histogramBytes(Column column) {
        long bytes = (long) column.steps() * Long.BYTES;
        FloatHistogram before = null;
        for (int step = Presence.next(column.present(), 0);
                step >= 0;
                step = Presence.next(column.present(), step + 1)) {
            FloatHistogram histogram = column.histogram(step);
            if (histogram != null && histogram != before) {
                bytes += QueryMemory.bytes(histogram);
            }
            before = histogram;
        }
        return bytes;
    }

    /** Takes back a column that nobody needs any more. */
    void release(Column column) {
        progress.work(SERIES_WORK + column.steps());
        budget.release(column.held());
        memory.giveBack(column.labelBytes() + column.histogramBytes());
        column.setLabelBytes(0);
        column.setHistogramBytes(0);
        ArrayDeque<Column> ofLength = free(column.steps());
        if (ofLength.size() < MAX_FREE) {
            Arrays.fill(column.present(), 0);
            column.forgetHistograms();
            column.setNameDropped(false);
            column.setHeld(0);
            column.setLabels(Labels.EMPTY);
            ofLength.addLast(column);
        } else {
            memory.giveBack(Column.bytes(column.steps()));
        }
    }
}
