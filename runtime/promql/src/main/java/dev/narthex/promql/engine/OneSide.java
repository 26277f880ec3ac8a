// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.model.FloatHistogram;
import dev.narthex.model.Labels;
import dev.narthex.promql.syntax.VectorMatching;
import dev.narthex.promql.value.QueryException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The "one" side of a matching, all of it: for each group the value at each step. Two series of a group at the same step
 * are an error, but only if the other side has anything at that step; so the first of them is remembered for each step.
 */
final class OneSide {
    private final MatchKey key;
    private final boolean left;
    private final int steps;
    private final Map<Labels, Group> groups = new HashMap<>();
    private final long[] anyPresent;
    private final long[] duplicated;
    private final Map<Integer, String> duplicates = new HashMap<>();

    private final QueryMemory.Share memory;

    /** The series of a group. */
    static final class Group {
        /** The only series, or the values of all series together. */
        private final Column merged;
        /** The labels of the series at each step, null while there is one series only. */
        private Labels @Nullable [] labels;

        /** What the series of the group have in common: the labels of a value that stands for a missing series. */
        private final Labels key;

        private boolean filled;

        Group(Labels key, Column first) {
            this.key = key;
            this.merged = first;
        }

        /** Puts a value at the steps that have none; they do not count as present. */
        private void fill(double value) {
            filled = true;
            double[] values = merged.values();
            for (int step = 0; step < values.length; step++) {
                if (!Presence.has(merged.present(), step)) {
                    values[step] = value;
                }
            }
        }

        double[] values() {
            return merged.values();
        }

        /** See {@link Column#histograms}. */
        @Nullable
        FloatHistogram @Nullable [] histograms() {
            return merged.histograms();
        }

        /** The histogram of a step, null where it has a number. */
        @Nullable
        FloatHistogram histogram(int step) {
            return merged.histogram(step);
        }

        long[] present() {
            return merged.present();
        }

        /** Whether the series is the same at all steps. */
        boolean isOneSeries() {
            return labels == null && !filled;
        }

        Labels key() {
            return key;
        }

        Labels labels(int step) {
            if (filled && !Presence.has(merged.present(), step)) {
                return key;
            }
            Labels[] byStep = labels;
            return byStep == null ? merged.labels() : byStep[step];
        }
    }

    /**
     * One without series.
     *
     * @param left whether this is the left side of the operator
     * @param memory where it counts what it holds beside columns
     */
    OneSide(VectorMatching matching, boolean left, int steps, QueryMemory.Share memory) {
        this.memory = memory;
        this.key = new MatchKey(matching);
        this.left = left;
        this.steps = steps;
        this.anyPresent = new long[Presence.words(steps)];
        this.duplicated = new long[Presence.words(steps)];
    }

    void readAll(QueryContext context, VectorOperator operator) {
        for (Column column = operator.next(); column != null; column = operator.next()) {
            context.columns().work(column);
            Presence.union(anyPresent, column.present());
            Labels labels = key.of(column.labels());
            Group group = groups.get(labels);
            if (group == null) {
                groups.put(labels, new Group(labels, column));
            } else {
                add(context, group, column);
            }
        }
    }

    private void add(QueryContext context, Group group, Column column) {
        Labels[] labels = group.labels;
        if (labels == null) {
            memory.take((long) Long.BYTES * steps);
            labels = new Labels[steps];
            java.util.Arrays.fill(labels, group.merged.labels());
            group.labels = labels;
        }
        boolean labelsKept = false;
        long[] present = column.present();
        for (int step = Presence.next(present, 0); step >= 0; step = Presence.next(present, step + 1)) {
            if (Presence.has(group.present(), step)) {
                Presence.add(duplicated, step);
                Labels other = labels[step];
                duplicates.computeIfAbsent(step, _ -> describe(other, column.labels()));
            } else {
                group.merged.set(step, column, step);
                labels[step] = column.labels();
                labelsKept = true;
            }
        }
        if (labelsKept) {
            memory.take(QueryMemory.bytes(column.labels()));
        }
        group.merged.setNameDropped(group.merged.isNameDropped() || column.isNameDropped());
        context.columns().release(column);
        context.columns().hold(group.merged);
    }

    private String describe(Labels first, Labels second) {
        boolean inOrder = first.compareTo(second) <= 0;
        return "found duplicate series for the match group " + key.of(first) + " on the " + (left ? "left" : "right")
                + " hand-side of the operation: [" + (inOrder ? first : second) + ", " + (inOrder ? second : first)
                + "];many-to-many matching not allowed: matching labels must be unique on one side";
    }

    @Nullable
    Group group(Labels series) {
        Labels known = key.find(series);
        return known == null ? null : groups.get(known);
    }

    /** Puts a value at the steps at which a group has none. */
    void fill(double value) {
        groups.values().forEach(group -> group.fill(value));
    }

    /** The group that a series belongs to, made of nothing but a value where there is none. */
    Group groupOrFilled(QueryContext context, Labels series, double value) {
        return groups.computeIfAbsent(key.of(series), labels -> {
            Group group = new Group(labels, context.columns().take(labels, steps));
            group.fill(value);
            return group;
        });
    }

    /** All groups. */
    Collection<Group> groups() {
        return groups.values();
    }

    /** The steps at which there is any series. */
    long[] anyPresent() {
        return anyPresent;
    }

    /** Fails where there were two series of a group at one of these steps. */
    void requireNoDuplicatesAt(long[] otherSide) {
        int step = Presence.firstCommon(duplicated, otherSide);
        if (step >= 0) {
            throw QueryException.execution(String.valueOf(duplicates.get(step)));
        }
    }

    void release(QueryContext context) {
        for (Group group : groups.values()) {
            context.columns().release(group.merged);
        }
        groups.clear();
    }
}
