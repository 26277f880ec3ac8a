// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.promql.engine.HistogramBinary.Operand;
import dev.narthex.promql.syntax.BinaryOp;
import dev.narthex.promql.syntax.Expr;

/** Operators between a vector and a scalar. */
final class VectorScalarBinary {
    private VectorScalarBinary() {}

    /** @param scalarLeft whether the scalar is the left operand */
    static VectorOperator of(
            QueryContext context, Expr.Binary binary, VectorOperator vector, double[] scalar, boolean scalarLeft) {
        BinaryOp op = binary.op();
        MapOperator.ColumnChange numbers = ofNumbers(binary, scalar, scalarLeft);
        HistogramBinary histograms =
                new HistogramBinary(op, binary.returnBool(), context.annotator(binary.position()), scalar.length);
        VectorOperator operator = new MapOperator(
                context,
                vector,
                column -> {
                    if (column.hasHistograms() || op.kind() == BinaryOp.Kind.HISTOGRAM) {
                        byStep(histograms, column, scalar, scalarLeft);
                    } else {
                        numbers.apply(column);
                    }
                },
                histograms::finish);
        boolean keepsName = op.kind() == BinaryOp.Kind.HISTOGRAM || (op.isComparison() && !binary.returnBool());
        return keepsName ? operator : NameDropper.of(context, operator);
    }

    private static MapOperator.ColumnChange ofNumbers(Expr.Binary binary, double[] scalar, boolean scalarLeft) {
        BinaryOp op = binary.op();
        if (!op.isComparison()) {
            return column -> {
                double[] values = column.values();
                Arithmetic.apply(op, scalarLeft ? scalar : values, scalarLeft ? values : scalar, values);
            };
        }
        if (binary.returnBool()) {
            return column -> {
                double[] values = column.values();
                Arithmetic.compare(op, scalarLeft ? scalar : values, scalarLeft ? values : scalar, values);
            };
        }
        return column -> {
            double[] values = column.values();
            Arithmetic.filter(op, scalarLeft ? scalar : values, scalarLeft ? values : scalar, column.present());
        };
    }

    private static void byStep(HistogramBinary binary, Column column, double[] scalar, boolean scalarLeft) {
        for (int step = Presence.next(column.present(), 0); step >= 0; ) {
            double value = column.values()[step];
            boolean isNumber = column.histogram(step) == null;
            Operand vector = new Operand(value, column.histogram(step));
            Operand number = new Operand(scalar[step], null);
            binary.apply(scalarLeft ? number : vector, scalarLeft ? vector : number, column, step);
            if (isNumber && scalarLeft && binary.isFilter() && Presence.has(column.present(), step)) {
                // A comparison with a scalar gives what the vector has.
                column.set(step, value);
            }
            step = Presence.next(column.present(), step + 1);
        }
    }
}
