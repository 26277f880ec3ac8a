// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.model.FloatHistogram;
import dev.narthex.model.GoFloat;
import dev.narthex.model.Labels;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;

/** The aggregation {@code count_values}: a series for each value that occurs, with the value as a label. */
final class CountValuesOperator extends BufferedOperator {
    /** How many units it takes to write a value as a text. */
    private static final int VALUE_WORK = 64;

    private final QueryContext context;
    private final String label;
    private final Grouping grouping;
    private final VectorOperator inner;
    private final int steps;

    /** @param grouping keeps the label of the value, unless the query says without it */
    CountValuesOperator(QueryContext context, String label, Grouping grouping, VectorOperator inner, int steps) {
        this.context = context;
        this.label = label;
        this.grouping = grouping;
        this.inner = inner;
        this.steps = steps;
    }

    @Override
    ArrayDeque<Column> evaluate() {
        Map<Labels, Column> counts = new LinkedHashMap<>();
        for (Column column = inner.next(); column != null; column = inner.next()) {
            Map<Object, Column> ofValue = new LinkedHashMap<>();
            long[] present = column.present();
            for (int step = Presence.next(present, 0); step >= 0; step = Presence.next(present, step + 1)) {
                context.progress().work(VALUE_WORK);
                double value = column.values()[step];
                FloatHistogram histogram = column.histogram(step);
                String text = histogram == null ? "" : histogram.toString();
                Object key = histogram == null ? (Object) Double.doubleToLongBits(value) : text;
                Labels series = column.labels();
                Column count = ofValue.computeIfAbsent(key, _ -> {
                    Labels labels = grouping.of(series.toBuilder()
                            .set(label, text.isEmpty() ? GoFloat.fixed(value) : text)
                            .build());
                    return counts.computeIfAbsent(
                            labels, group -> context.columns().take(group, steps));
                });
                count.setNameDropped(count.isNameDropped() || column.isNameDropped());
                count.set(step, Presence.has(count.present(), step) ? count.values()[step] + 1 : 1);
            }
            context.columns().release(column);
        }
        counts.values().forEach(context.columns()::hold);
        return new ArrayDeque<>(counts.values());
    }

    @Override
    public boolean hasOneName() {
        return !grouping.keepsName();
    }
}
