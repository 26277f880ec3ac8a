// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.model.Labels;
import dev.narthex.model.LabelsBuilder;
import dev.narthex.promql.engine.HistogramBinary.Operand;
import dev.narthex.promql.syntax.BinaryOp;
import dev.narthex.promql.syntax.Expr;
import dev.narthex.promql.syntax.VectorMatching;
import dev.narthex.promql.syntax.VectorMatching.Cardinality;
import dev.narthex.promql.value.QueryException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Arithmetic and comparison between two vectors. The "one" side is read whole, then the series of the other side ("many",
 * or the left side of one to one) meet it one by one. Prometheus matches anew at each step; so whatever may differ from
 * step to step (which series of a group is there, whether there are two) is looked at by step here too.
 */
final class VectorBinary extends BufferedOperator {
    private static final int ENTRY_BYTES = 64;
    private static final String MANY_TO_ONE =
            "multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)";
    private static final String GROUPING_NOT_UNIQUE =
            "multiple matches for labels: grouping labels must ensure unique matches";

    private final QueryContext context;
    private final Expr.Binary binary;
    private final VectorMatching matching;
    private final VectorOperator many;
    private final VectorOperator one;
    private final int steps;
    private final QueryMemory.Share memory;
    private final HistogramBinary histograms;
    private final boolean oneIsLeft;
    private final boolean oneToOne;
    private final boolean hasOneName;
    /** What stands for a missing series of a side, null where nothing does. */
    private final @Nullable Double fillOne;

    private final @Nullable Double fillMany;
    /** The steps at which something met a group. */
    private final Map<OneSide.Group, long[]> matched = new HashMap<>();
    /** The steps that were compared, by the labels of the result; with group modifiers only. */
    private final Map<Labels, long[]> compared = new HashMap<>();

    VectorBinary(
            QueryContext context,
            Expr.Binary binary,
            VectorMatching matching,
            VectorOperator left,
            VectorOperator right,
            int steps) {
        this.context = context;
        this.memory = context.memory().share();
        this.binary = binary;
        this.matching = matching;
        this.oneIsLeft = matching.cardinality() == Cardinality.ONE_TO_MANY;
        this.oneToOne = matching.cardinality() == Cardinality.ONE_TO_ONE;
        this.many = oneIsLeft ? right : left;
        this.one = oneIsLeft ? left : right;
        this.steps = steps;
        this.histograms =
                new HistogramBinary(binary.op(), binary.returnBool(), context.annotator(binary.position()), steps);
        // Under group_right Prometheus swaps the sides but not what fills them, so that "left" is always the many side.
        this.fillOne = matching.fillRight();
        this.fillMany = matching.fillLeft();
        this.hasOneName =
                dropsNameAtOnce() || (many.hasOneName() && !matching.include().contains(Labels.METRIC_NAME));
    }

    /** Arithmetic drops the name at once, even under delayed name removal. */
    private boolean dropsNameAtOnce() {
        return binary.op().kind() == BinaryOp.Kind.ARITHMETIC || (binary.returnBool() && !context.delaysNameRemoval());
    }

    @Override
    public boolean hasOneName() {
        return hasOneName;
    }

    @Override
    ArrayDeque<Column> evaluate() {
        OneSide oneSide = new OneSide(matching, oneIsLeft, steps, memory);
        oneSide.readAll(context, one);
        if (fillOne != null) {
            oneSide.fill(fillOne);
        }
        long[] anyMany = new long[Presence.words(steps)];
        boolean twice = false;
        ColumnMerger results = new ColumnMerger(context.columns(), oneToOne ? MANY_TO_ONE : GROUPING_NOT_UNIQUE);
        for (Column column = many.next(); column != null; column = many.next()) {
            context.checkpoint();
            Presence.union(anyMany, column.present());
            OneSide.Group group = fillOne == null
                    ? oneSide.group(column.labels())
                    : oneSide.groupOrFilled(context, column.labels(), fillOne);
            if (group == null) {
                context.columns().release(column);
                continue;
            }
            if (fillOne == null) {
                Presence.intersect(column.present(), group.present());
            }
            if (oneToOne || fillMany != null) {
                twice |= matchesAgain(group, withResult(column, group)) && oneToOne;
            }
            if (!twice) {
                combine(column, group, results);
            }
        }
        if (fillMany != null || fillOne != null) {
            // Nothing is without a match then, so every step is looked at.
            Presence.addAll(anyMany, steps);
        }
        oneSide.requireNoDuplicatesAt(anyMany);
        if (twice) {
            throw QueryException.execution(MANY_TO_ONE);
        }
        if (fillMany != null) {
            fillMany(oneSide, fillMany, results);
        }
        oneSide.release(context);
        memory.giveBackAll();
        histograms.finish();
        return results.drain();
    }

    /** The steps at which a series and its group have a result, be it one that a comparison does not let through. */
    private long[] withResult(Column column, OneSide.Group group) {
        long[] present = column.present().clone();
        if (!column.hasHistograms() && group.histograms() == null && binary.op().kind() != BinaryOp.Kind.HISTOGRAM) {
            return present;
        }
        for (int step = Presence.next(present, 0); step >= 0; step = Presence.next(present, step + 1)) {
            Operand ofMany = new Operand(column.values()[step], column.histogram(step));
            Operand ofOne = new Operand(group.values()[step], group.histogram(step));
            if (!histograms.hasResult(oneIsLeft ? ofOne : ofMany, oneIsLeft ? ofMany : ofOne)) {
                Presence.remove(present, step);
            }
        }
        return present;
    }

    /** Whether a series of the group was matched at one of these steps before; remembers them. */
    private boolean matchesAgain(OneSide.Group group, long[] present) {
        long[] before = matched.get(group);
        if (before == null) {
            memory.take(stepsBytes());
            matched.put(group, present);
            return false;
        }
        boolean again = Presence.intersects(before, present);
        Presence.union(before, present);
        return again;
    }

    /** What a set of steps takes as an entry of a map. */
    private long stepsBytes() {
        return ENTRY_BYTES + (long) Long.BYTES * Presence.words(steps);
    }

    /** Lets a value meet the series of the "one" side at the steps at which nothing else does. */
    private void fillMany(OneSide oneSide, double value, ColumnMerger results) {
        for (OneSide.Group group : oneSide.groups()) {
            Column column = context.columns().take(group.key(), steps);
            java.util.Arrays.fill(column.values(), value);
            Presence.union(column.present(), group.present());
            long[] before = matched.get(group);
            if (before != null) {
                Presence.subtract(column.present(), before);
            }
            context.columns().hold(column);
            combine(column, group, results);
        }
    }

    private void combine(Column column, OneSide.Group group, ColumnMerger results) {
        // Whether the name was to go before is forgotten here, as Prometheus does.
        column.setNameDropped(context.delaysNameRemoval() && binary.returnBool());
        if (column.isEmpty()) {
            context.columns().release(column);
        } else if (group.isOneSeries() || matching.include().isEmpty()) {
            context.columns().relabel(column, resultLabels(column.labels(), group.labels(0)));
            compute(column, group, results);
        } else {
            for (Column part : splitByLabels(column, group)) {
                compute(part, group, results);
            }
        }
    }

    /** Gives each step the labels that the series of the "one" side has at it. */
    private Collection<Column> splitByLabels(Column column, OneSide.Group group) {
        Map<Labels, Column> parts = new HashMap<>();
        long[] present = column.present();
        for (int step = Presence.next(present, 0); step >= 0; step = Presence.next(present, step + 1)) {
            Labels labels = resultLabels(column.labels(), group.labels(step));
            Column part = parts.get(labels);
            if (part == null) {
                part = context.columns().take(labels, steps);
                part.setNameDropped(column.isNameDropped());
                parts.put(labels, part);
            }
            part.set(step, column, step);
        }
        context.columns().release(column);
        parts.values().forEach(context.columns()::hold);
        return parts.values();
    }

    private void compute(Column column, OneSide.Group group, ColumnMerger results) {
        double[] left = oneIsLeft ? group.values() : column.values();
        double[] right = oneIsLeft ? column.values() : group.values();
        BinaryOp op = binary.op();
        if (column.hasHistograms() || group.histograms() != null || op.kind() == BinaryOp.Kind.HISTOGRAM) {
            if (histograms.isFilter()) {
                requireUnique(column.labels(), withResult(column, group));
            }
            byStep(column, group);
        } else if (!op.isComparison()) {
            Arithmetic.apply(op, left, right, column.values());
        } else if (binary.returnBool()) {
            Arithmetic.compare(op, left, right, column.values());
        } else {
            requireUnique(column.labels(), column.present());
            Arithmetic.filter(op, left, right, column.present());
            if (oneIsLeft) {
                // A comparison gives what stands on its left.
                System.arraycopy(left, 0, column.values(), 0, steps);
            }
        }
        if (column.isEmpty()) {
            context.columns().release(column);
        } else {
            results.add(column);
        }
    }

    private void byStep(Column column, OneSide.Group group) {
        for (int step = Presence.next(column.present(), 0); step >= 0; ) {
            Operand ofMany = new Operand(column.values()[step], column.histogram(step));
            Operand ofOne = new Operand(group.values()[step], group.histogram(step));
            histograms.apply(oneIsLeft ? ofOne : ofMany, oneIsLeft ? ofMany : ofOne, column, step);
            step = Presence.next(column.present(), step + 1);
        }
    }

    /** Two results of the same labels are an error even where the comparison lets only one of them through. */
    private void requireUnique(Labels labels, long[] present) {
        if (oneToOne) {
            return;
        }
        long[] before = compared.get(labels);
        if (before == null) {
            memory.take(stepsBytes() + QueryMemory.bytes(labels));
            compared.put(labels, present.clone());
            return;
        }
        if (Presence.intersects(before, present)) {
            throw QueryException.execution(GROUPING_NOT_UNIQUE);
        }
        Presence.union(before, present);
    }

    private Labels resultLabels(Labels manyLabels, Labels oneLabels) {
        Labels labels = manyLabels;
        if (dropsNameAtOnce()) {
            labels = context.dropName(labels);
        }
        if (oneToOne) {
            labels = matching.on() ? labels.keep(matching.labels()) : labels.without(matching.labels());
        }
        if (matching.include().isEmpty()) {
            return labels;
        }
        LabelsBuilder builder = labels.toBuilder();
        for (String name : matching.include()) {
            builder.set(name, oneLabels.getOrEmpty(name));
        }
        return builder.build();
    }
}
