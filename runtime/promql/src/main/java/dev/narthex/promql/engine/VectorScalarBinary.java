// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.promql.syntax.BinaryOp;
import dev.narthex.promql.syntax.Expr;

/** Operators between a vector and a scalar. */
final class VectorScalarBinary {
    private VectorScalarBinary() {}

    /** @param scalarLeft whether the scalar is the left operand */
    static VectorOperator of(
            QueryContext context, Expr.Binary binary, VectorOperator vector, double[] scalar, boolean scalarLeft) {
        BinaryOp op = binary.op();
        if (!op.isComparison()) {
            MapOperator.ColumnChange change = column -> {
                double[] values = column.values();
                Arithmetic.apply(op, scalarLeft ? scalar : values, scalarLeft ? values : scalar, values);
            };
            return NameDropper.of(context, new MapOperator(context, vector, change));
        }
        if (binary.returnBool()) {
            MapOperator.ColumnChange change = column -> {
                double[] values = column.values();
                Arithmetic.compare(op, scalarLeft ? scalar : values, scalarLeft ? values : scalar, values);
            };
            return NameDropper.of(context, new MapOperator(context, vector, change));
        }
        return new MapOperator(context, vector, column -> {
            double[] values = column.values();
            Arithmetic.filter(op, scalarLeft ? scalar : values, scalarLeft ? values : scalar, column.present());
        });
    }
}
