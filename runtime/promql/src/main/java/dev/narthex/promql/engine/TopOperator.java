// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.model.GoFloat;
import dev.narthex.model.Labels;
import dev.narthex.promql.value.QueryException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * {@code topk} and {@code bottomk}: of each group the series with the greatest or least values, at each step anew. Holds
 * of each step no more values than it may give.
 */
final class TopOperator extends BufferedOperator {
    /** As in Prometheus, though one more would still be a number of 64 bits. */
    private static final double GREATEST_COUNT = Math.nextDown(0x1p63);

    private static final long CANDIDATE_BYTES = 32;
    private static final long RANKING_BYTES = 80;
    private static final long PLACE_BYTES = 16;

    private final QueryContext context;
    private final Grouping grouping;
    private final VectorOperator inner;
    private final double[] counts;
    private final boolean greatest;
    private final AnnotationCollector.Annotator annotator;

    /** @param counts how many series to give, for each step */
    TopOperator(
            QueryContext context,
            Grouping grouping,
            VectorOperator inner,
            double[] counts,
            boolean greatest,
            AnnotationCollector.Annotator annotator) {
        this.annotator = annotator;
        this.context = context;
        this.grouping = grouping;
        this.inner = inner;
        this.counts = counts;
        this.greatest = greatest;
    }

    /** A series that may be among the first somewhere, and how often it is. */
    private static final class Candidate {
        private final int number;
        private final Labels labels;
        private final boolean nameDropped;
        private int places;

        Candidate(int number, Column column) {
            this.number = number;
            this.labels = column.labels();
            this.nameDropped = column.isNameDropped();
        }

        long bytes() {
            return CANDIDATE_BYTES + QueryMemory.bytes(labels);
        }

        int number() {
            return number;
        }
    }

    /**
     * The best values of a step: a heap with the worst of them on top, the value that the next better one replaces. Which
     * of several equal values that is follows from the order in which they came, and from nothing else; it is the same as
     * in Prometheus.
     */
    private static final class Ranking {
        private double[] values = new double[4];
        private Candidate[] candidates = new Candidate[4];
        private int size;
        private final QueryMemory.Share memory;

        Ranking(QueryMemory.Share memory) {
            this.memory = memory;
            memory.take(RANKING_BYTES + PLACE_BYTES * values.length);
        }

        void offer(double value, Candidate candidate, long limit, boolean greatest) {
            if (size < limit) {
                if (size == values.length) {
                    memory.take(PLACE_BYTES * size);
                    values = Arrays.copyOf(values, 2 * size);
                    candidates = Arrays.copyOf(candidates, 2 * size);
                }
                values[size] = value;
                candidates[size] = enter(candidate);
                rise(size++, greatest);
            } else if (Double.isNaN(values[0]) ? !Double.isNaN(value) : isWorse(values[0], value, greatest)) {
                values[0] = value;
                leave(candidates[0]);
                candidates[0] = enter(candidate);
                sink(greatest);
            }
        }

        private Candidate enter(Candidate candidate) {
            if (candidate.places++ == 0) {
                memory.take(candidate.bytes());
            }
            return candidate;
        }

        private void leave(Candidate candidate) {
            if (--candidate.places == 0) {
                memory.giveBack(candidate.bytes());
            }
        }

        /** Not-a-numbers are worse than all else, and than each other. */
        private static boolean isWorse(double value, double other, boolean greatest) {
            return Double.isNaN(value) || (greatest ? value < other : value > other);
        }

        private void rise(int last, boolean greatest) {
            int at = last;
            while (at > 0 && isWorse(values[at], values[(at - 1) / 2], greatest)) {
                swap(at, (at - 1) / 2);
                at = (at - 1) / 2;
            }
        }

        private void sink(boolean greatest) {
            int at = 0;
            while (2 * at + 1 < size) {
                int child = 2 * at + 1;
                if (child + 1 < size && isWorse(values[child + 1], values[child], greatest)) {
                    child++;
                }
                if (!isWorse(values[child], values[at], greatest)) {
                    return;
                }
                swap(at, child);
                at = child;
            }
        }

        private void swap(int a, int b) {
            double value = values[a];
            values[a] = values[b];
            values[b] = value;
            Candidate candidate = candidates[a];
            candidates[a] = candidates[b];
            candidates[b] = candidate;
        }

        /** Brings the best to the front; of equal ones the one that came first. */
        void sort(boolean greatest, Progress progress) {
            Integer[] order = new Integer[size];
            Arrays.setAll(order, i -> i);
            Arrays.sort(order, progress.counted((a, b) -> compare(a, b, greatest)));
            double[] sortedValues = new double[size];
            Candidate[] sortedCandidates = new Candidate[size];
            for (int i = 0; i < size; i++) {
                sortedValues[i] = values[order[i]];
                sortedCandidates[i] = candidates[order[i]];
            }
            values = sortedValues;
            candidates = sortedCandidates;
        }

        private int compare(int a, int b, boolean greatest) {
            boolean equal = values[a] == values[b] || (Double.isNaN(values[a]) && Double.isNaN(values[b]));
            if (equal) {
                return Integer.compare(candidates[a].number(), candidates[b].number());
            }
            if (Double.isNaN(values[a]) || Double.isNaN(values[b])) {
                return Double.isNaN(values[a]) ? 1 : -1;
            }
            return isWorse(values[a], values[b], greatest) ? 1 : -1;
        }
    }

    @Override
    ArrayDeque<Column> evaluate() {
        long[] limits = limits(counts);
        QueryMemory.Share memory = context.memory().share();
        Map<Labels, Ranking[]> groups = new LinkedHashMap<>();
        int number = 0;
        for (Column column = inner.next(); column != null; column = inner.next()) {
            if (column.hasHistograms()) {
                annotateIgnored(column, limits);
            }
            Candidate candidate = new Candidate(number++, column);
            Ranking[] steps = groups.computeIfAbsent(grouping.of(column.labels()), labels -> {
                memory.take(QueryMemory.bytes(labels) + (long) Long.BYTES * limits.length);
                return new Ranking[limits.length];
            });
            long[] present = column.present();
            for (int step = Presence.next(present, 0); step >= 0; step = Presence.next(present, step + 1)) {
                if (limits[step] > 0) {
                    if (steps[step] == null) {
                        steps[step] = new Ranking(memory);
                    }
                    steps[step].offer(column.values()[step], candidate, limits[step], greatest);
                }
            }
            context.columns().release(column);
        }
        ArrayDeque<Column> results = new ArrayDeque<>();
        groups.values().forEach(steps -> results.addAll(columns(steps)));
        memory.giveBackAll();
        return results;
    }

    private void annotateIgnored(Column column, long[] limits) {
        boolean ignored = false;
        for (int step = 0; step < limits.length; step++) {
            ignored |= limits[step] > 0 && column.histogram(step) != null;
        }
        if (ignored) {
            annotator.inform("ignored histogram in " + (greatest ? "topk" : "bottomk") + " aggregation");
        }
        column.dropHistograms();
    }

    /**
     * How many series to choose at each step, none where the number is less than 1.
     *
     * @throws QueryException when one is not a number, or too large for 64 bits
     */
    static long[] limits(double[] counts) {
        long[] limits = new long[counts.length];
        for (int step = 0; step < counts.length; step++) {
            double count = counts[step];
            if (Double.isNaN(count)) {
                throw QueryException.execution("Parameter value is NaN");
            }
            if (count >= GREATEST_COUNT) {
                throw QueryException.execution("Scalar value " + GoFloat.general(count) + " overflows int64");
            }
            limits[step] = (long) count;
        }
        return limits;
    }

    /** The series of a group; at a single step best first, otherwise in the order in which they came. */
    private List<Column> columns(Ranking[] steps) {
        Map<Integer, Column> columns = steps.length == 1 ? new LinkedHashMap<>() : new TreeMap<>();
        if (steps.length == 1 && steps[0] != null) {
            steps[0].sort(greatest, context.progress());
        }
        for (int step = 0; step < steps.length; step++) {
            Ranking ranking = steps[step];
            for (int i = 0; ranking != null && i < ranking.size; i++) {
                context.progress().work(8);
                Candidate candidate = ranking.candidates[i];
                Column column = columns.get(candidate.number());
                if (column == null) {
                    column = context.columns().take(candidate.labels, steps.length);
                    column.setNameDropped(candidate.nameDropped);
                    columns.put(candidate.number(), column);
                }
                column.set(step, ranking.values[i]);
            }
        }
        columns.values().forEach(context.columns()::hold);
        return new ArrayList<>(columns.values());
    }

    @Override
    public boolean hasOneName() {
        return inner.hasOneName();
    }
}
