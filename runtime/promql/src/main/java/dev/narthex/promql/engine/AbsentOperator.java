// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.model.LabelsBuilder;
import dev.narthex.model.MatchOp;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The functions {@code absent} and {@code absent_over_time}: 1 at the steps at which there is nothing. */
final class AbsentOperator {
    private AbsentOperator() {}

    static VectorOperator absent(QueryContext context, VectorOperator inner, Labels labels, int steps) {
        return new SingleColumn(() -> {
            long[] seen = new long[Presence.words(steps)];
            for (Column column = inner.next(); column != null; column = inner.next()) {
                Presence.union(seen, column.present());
                context.columns().release(column);
            }
            return missing(context, labels, steps, seen);
        });
    }

    static VectorOperator absentOverTime(
            QueryContext context, RangeSamples source, Windows windows, Labels labels, int steps) {
        return new SingleColumn(() -> {
            long[] seen = new long[Presence.words(steps)];
            while (source.next()) {
                windows.slide(source.samples());
                for (int step = 0; step < steps; step++) {
                    if (windows.to(step) > windows.from(step)) {
                        Presence.add(seen, step);
                    }
                }
            }
            return missing(context, labels, steps, seen);
        });
    }

    private static @Nullable Column missing(QueryContext context, Labels labels, int steps, long[] seen) {
        Column column = context.columns().take(labels, steps);
        java.util.Arrays.fill(column.values(), 1);
        Presence.addAll(column.present(), steps);
        Presence.subtract(column.present(), seen);
        if (column.isEmpty()) {
            context.columns().release(column);
            return null;
        }
        context.columns().hold(column);
        return column;
    }

    /** The labels that a missing series would have: those that the matchers fix to one value. */
    static Labels labels(List<LabelMatcher> matchers) {
        LabelsBuilder labels = Labels.builder();
        Set<String> seen = new HashSet<>();
        for (LabelMatcher matcher : matchers) {
            if (matcher.name().equals(Labels.METRIC_NAME)) {
                continue;
            }
            if (matcher.op() == MatchOp.EQUAL && seen.add(matcher.name())) {
                labels.set(matcher.name(), matcher.value());
            } else {
                labels.remove(matcher.name());
                seen.add(matcher.name());
            }
        }
        return labels.build();
    }
}
