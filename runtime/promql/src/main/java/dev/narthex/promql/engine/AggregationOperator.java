// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.model.Labels;
import dev.narthex.promql.syntax.AggregateOp;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;

/** Aggregations that make one series of each group; each input is given back before the next one is asked for. */
final class AggregationOperator extends BufferedOperator {
    private final QueryContext context;
    private final AggregateOp op;
    private final Grouping grouping;
    private final VectorOperator inner;
    private final int steps;

    AggregationOperator(QueryContext context, AggregateOp op, Grouping grouping, VectorOperator inner, int steps) {
        this.context = context;
        this.op = op;
        this.grouping = grouping;
        this.inner = inner;
        this.steps = steps;
    }

    @Override
    ArrayDeque<Column> evaluate() {
        Map<Labels, GroupAccumulator> groups = new LinkedHashMap<>();
        for (Column column = inner.next(); column != null; column = inner.next()) {
            groups.computeIfAbsent(grouping.of(column.labels()), _ -> GroupAccumulator.of(op, steps))
                    .add(column);
            context.columns().release(column);
        }
        ArrayDeque<Column> results = new ArrayDeque<>(groups.size());
        groups.forEach((labels, group) -> {
            Column column = context.columns().take(labels, steps);
            group.finish(column);
            context.columns().hold(column);
            results.add(column);
        });
        return results;
    }

    @Override
    public boolean hasOneName() {
        return !grouping.keepsName();
    }
}
