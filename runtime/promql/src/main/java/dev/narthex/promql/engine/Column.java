// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.model.Labels;

/**
 * One series at all steps of a query: a value for each step, and the set of steps that have one. What stands in the
 * array at another step is of no meaning. A column has one owner, who may change it and gives it on or releases it to
 * the {@link Columns} that it came from.
 */
final class Column {
    private final double[] values;
    private final long[] present;
    private final int steps;
    private Labels labels = Labels.EMPTY;
    private boolean nameDropped;
    private int held;

    Column(int steps) {
        this.steps = steps;
        this.values = new double[steps];
        this.present = new long[Presence.words(steps)];
    }

    int steps() {
        return steps;
    }

    double[] values() {
        return values;
    }

    /** The steps that have a value, see {@link Presence}. */
    long[] present() {
        return present;
    }

    boolean isEmpty() {
        return Presence.isEmpty(present);
    }

    void set(int step, double value) {
        values[step] = value;
        Presence.add(present, step);
    }

    Labels labels() {
        return labels;
    }

    void setLabels(Labels labels) {
        this.labels = labels;
    }

    /** Whether the metric name goes from the result of the query, under delayed name removal. */
    boolean isNameDropped() {
        return nameDropped;
    }

    void setNameDropped(boolean nameDropped) {
        this.nameDropped = nameDropped;
    }

    /** How many samples it was counted with against the query's limit. */
    int held() {
        return held;
    }

    void setHeld(int held) {
        this.held = held;
    }
}
