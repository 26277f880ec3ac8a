// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.model.Labels;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The aggregations {@code limitk} (the first series of each group) and {@code limit_ratio} (a share, by hash). */
final class LimitOperator implements VectorOperator {
    private final QueryContext context;
    private final VectorOperator inner;
    private final Choice choice;

    /** Takes away the steps at which a series is not chosen. */
    @FunctionalInterface
    interface Choice {
        void restrict(Column column);
    }

    LimitOperator(QueryContext context, VectorOperator inner, Choice choice) {
        this.context = context;
        this.inner = inner;
        this.choice = choice;
    }

    /**
     * Chooses the first series of each group.
     *
     * @param limits how many, for each step
     */
    static Choice first(QueryContext context, Grouping grouping, long[] limits) {
        Map<Labels, int[]> chosen = new HashMap<>();
        return column -> {
            int[] counts = chosen.computeIfAbsent(grouping.of(column.labels()), labels -> {
                context.memory().take(QueryMemory.bytes(labels) + (long) Integer.BYTES * limits.length);
                return new int[limits.length];
            });
            long[] present = column.present();
            for (int step = Presence.next(present, 0); step >= 0; step = Presence.next(present, step + 1)) {
                if (counts[step] < limits[step]) {
                    counts[step]++;
                } else {
                    Presence.remove(present, step);
                }
            }
        };
    }

    /**
     * Chooses by the hash of the labels, so that the choice is the same at each step. A negative share chooses exactly
     * what the positive one that is greater by 1 leaves.
     *
     * @param ratios the share of the series to choose, for each step, from -1 to 1
     */
    static Choice share(double[] ratios) {
        return column -> {
            double place = place(column.labels());
            long[] present = column.present();
            for (int step = Presence.next(present, 0); step >= 0; step = Presence.next(present, step + 1)) {
                double ratio = ratios[step];
                boolean chosen = ratio >= 0 ? place < ratio : place >= 1.0 + ratio;
                if (!chosen) {
                    Presence.remove(present, step);
                }
            }
        };
    }

    /** Where a label set stands from 0 to 1, as if at random: where it stands in Prometheus too. */
    private static double place(Labels labels) {
        long hash = LabelHash.of(labels);
        // As an unsigned number, rounded to the nearest double.
        double unsigned = hash >= 0 ? hash : ((hash >>> 1) | (hash & 1)) * 2.0;
        return unsigned / 0x1p64;
    }

    @Override
    public @Nullable Column next() {
        for (Column column = inner.next(); column != null; column = inner.next()) {
            choice.restrict(column);
            if (!column.isEmpty()) {
                return column;
            }
            context.columns().release(column);
        }
        return null;
    }

    @Override
    public boolean hasOneName() {
        return inner.hasOneName();
    }
}
