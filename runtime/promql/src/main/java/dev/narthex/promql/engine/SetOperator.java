// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.model.Labels;
import dev.narthex.promql.syntax.BinaryOp;
import dev.narthex.promql.syntax.VectorMatching;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The operators {@code and}, {@code unless} and {@code or}. */
final class SetOperator {
    private static final int ENTRY_BYTES = 64;

    private SetOperator() {}

    /** What an entry of a map from labels to steps takes. */
    private static long bytes(Labels labels, int steps) {
        return ENTRY_BYTES + QueryMemory.bytes(labels) + (long) Long.BYTES * Presence.words(steps);
    }

    static VectorOperator of(
            QueryContext context,
            BinaryOp op,
            VectorMatching matching,
            VectorOperator left,
            VectorOperator right,
            int steps) {
        return op == BinaryOp.OR
                ? new Union(context, new MatchKey(matching), left, right, steps)
                : new Selection(context, new MatchKey(matching), left, right, op == BinaryOp.AND);
    }

    /** Keeps of the left side what the right side has, or has not, at the same step. Holds sets of steps only. */
    private static final class Selection implements VectorOperator {
        private final QueryContext context;
        private final MatchKey key;
        private final VectorOperator left;
        private final VectorOperator right;
        private final boolean keepMatched;
        private @Nullable Map<Labels, long[]> rightSteps;

        Selection(QueryContext context, MatchKey key, VectorOperator left, VectorOperator right, boolean keepMatched) {
            this.context = context;
            this.key = key;
            this.left = left;
            this.right = right;
            this.keepMatched = keepMatched;
        }

        @Override
        public @Nullable Column next() {
            Map<Labels, long[]> matched = rightSteps;
            if (matched == null) {
                matched = readRight();
                rightSteps = matched;
            }
            for (Column column = left.next(); column != null; column = left.next()) {
                context.columns().work(column);
                Labels known = key.find(column.labels());
                long[] steps = known == null ? null : matched.get(known);
                if (steps == null) {
                    if (!keepMatched) {
                        return column;
                    }
                } else {
                    if (keepMatched) {
                        Presence.intersect(column.present(), steps);
                    } else {
                        Presence.subtract(column.present(), steps);
                    }
                    if (!column.isEmpty()) {
                        return column;
                    }
                }
                context.columns().release(column);
            }
            return null;
        }

        private Map<Labels, long[]> readRight() {
            Map<Labels, long[]> matched = new HashMap<>();
            for (Column column = right.next(); column != null; column = right.next()) {
                Labels labels = key.of(column.labels());
                long[] steps = matched.get(labels);
                if (steps == null) {
                    context.memory().take(bytes(labels, column.steps()));
                    matched.put(labels, column.present().clone());
                } else {
                    Presence.union(steps, column.present());
                }
                context.columns().release(column);
            }
            return matched;
        }

        @Override
        public boolean hasOneName() {
            return left.hasOneName();
        }
    }

    /** All of the left side, and of the right side what has no match on the left at the same step. */
    private static final class Union extends BufferedOperator {
        private final QueryContext context;
        private final MatchKey key;
        private final VectorOperator left;
        private final VectorOperator right;
        private final int steps;

        Union(QueryContext context, MatchKey key, VectorOperator left, VectorOperator right, int steps) {
            this.context = context;
            this.key = key;
            this.left = left;
            this.right = right;
            this.steps = steps;
        }

        @Override
        ArrayDeque<Column> evaluate() {
            Map<Labels, long[]> leftSteps = new HashMap<>();
            ColumnMerger merger = new ColumnMerger(context.columns());
            for (Column column = left.next(); column != null; column = left.next()) {
                long[] present = leftSteps.computeIfAbsent(key.of(column.labels()), labels -> {
                    context.memory().take(bytes(labels, steps));
                    return new long[Presence.words(steps)];
                });
                Presence.union(present, column.present());
                merger.add(column);
            }
            for (Column column = right.next(); column != null; column = right.next()) {
                Labels known = key.find(column.labels());
                long[] present = known == null ? null : leftSteps.get(known);
                if (present != null) {
                    Presence.subtract(column.present(), present);
                }
                if (column.isEmpty()) {
                    context.columns().release(column);
                } else {
                    merger.add(column);
                }
            }
            return merger.drain();
        }

        @Override
        public boolean hasOneName() {
            return false;
        }
    }
}
