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
    private final AnnotationCollector.Annotator annotator;

    AggregationOperator(
            QueryContext context,
            AggregateOp op,
            Grouping grouping,
            VectorOperator inner,
            int steps,
            AnnotationCollector.Annotator annotator) {
        this.context = context;
        this.annotator = annotator;
        this.op = op;
        this.grouping = grouping;
        this.inner = inner;
        this.steps = steps;
    }

    @Override
    ArrayDeque<Column> evaluate() {
        QueryMemory.Share share = context.memory().share();
        Map<Labels, GroupAccumulator> groups = new LinkedHashMap<>();
        for (Column column = inner.next(); column != null; column = inner.next()) {
            if (column.hasHistograms() && !op.takesHistograms()) {
                if (column.dropHistograms()) {
                    annotator.inform("ignored histogram in " + op.text() + " aggregation");
                }
                if (column.isEmpty()) {
                    context.columns().release(column);
                    continue;
                }
            }
            context.columns().work(column);
            groups.computeIfAbsent(grouping.of(column.labels()), labels -> {
                        share.take(QueryMemory.bytes(labels) + GroupAccumulator.bytes(op, steps));
                        return GroupAccumulator.of(op, steps, annotator, share);
                    })
                    .add(column);
            context.columns().release(column);
        }
        ArrayDeque<Column> results = new ArrayDeque<>(groups.size());
        groups.forEach((labels, group) -> {
            Column column = context.columns().take(labels, steps);
            group.finish(column);
            if (column.isEmpty()) {
                context.columns().release(column);
            } else {
                context.columns().hold(column);
                results.add(column);
            }
        });
        share.giveBackAll();
        return results;
    }

    @Override
    public boolean hasOneName() {
        return !grouping.keepsName();
    }
}
