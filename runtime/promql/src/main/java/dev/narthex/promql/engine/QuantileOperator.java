// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.model.Labels;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The aggregation {@code quantile}: holds all series of all groups, since any value may be the one. */
final class QuantileOperator extends BufferedOperator {
    private final QueryContext context;
    private final Grouping grouping;
    private final VectorOperator inner;
    private final double[] quantiles;
    private final AnnotationCollector.Annotator annotator;

    /** @param quantiles the quantile of each step */
    QuantileOperator(
            QueryContext context,
            Grouping grouping,
            VectorOperator inner,
            double[] quantiles,
            AnnotationCollector.Annotator annotator) {
        this.annotator = annotator;
        this.context = context;
        this.grouping = grouping;
        this.inner = inner;
        this.quantiles = quantiles;
    }

    @Override
    ArrayDeque<Column> evaluate() {
        Map<Labels, List<Column>> groups = new LinkedHashMap<>();
        for (Column column = inner.next(); column != null; column = inner.next()) {
            context.columns().work(column);
            if (column.dropHistograms()) {
                annotator.inform("ignored histogram in quantile aggregation");
            }
            if (column.isEmpty()) {
                context.columns().release(column);
                continue;
            }
            groups.computeIfAbsent(grouping.of(column.labels()), _ -> new ArrayList<>())
                    .add(column);
        }
        ArrayDeque<Column> results = new ArrayDeque<>();
        groups.forEach((labels, columns) -> {
            Column result = context.columns().take(labels, quantiles.length);
            fill(columns, result);
            for (Column column : columns) {
                result.setNameDropped(result.isNameDropped() || column.isNameDropped());
                context.columns().release(column);
            }
            context.columns().hold(result);
            results.add(result);
        });
        return results;
    }

    private void fill(List<Column> columns, Column result) {
        double[] values = new double[columns.size()];
        for (int step = 0; step < quantiles.length; step++) {
            int size = 0;
            for (Column column : columns) {
                if (Presence.has(column.present(), step)) {
                    values[size++] = column.values()[step];
                }
            }
            context.progress().work(columns.size());
            if (size > 0) {
                Quantiles.sort(values, size, context.progress());
                result.set(step, Quantiles.ofSorted(quantiles[step], values, size));
            }
        }
    }

    @Override
    public boolean hasOneName() {
        return !grouping.keepsName();
    }
}
