// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.promql.syntax.BinaryOp;
import dev.narthex.promql.syntax.Expr;
import dev.narthex.promql.value.QueryException;
import java.util.Arrays;
import java.util.List;

/** Evaluates scalars, to a number for each step. */
final class ScalarEvaluator {
    private final QueryContext context;
    private final Planner planner;

    ScalarEvaluator(QueryContext context, Planner planner) {
        this.context = context;
        this.planner = planner;
    }

    double[] evaluate(Expr expr, Steps steps) {
        if (steps.count() > 1 && StepInvariance.isInvariant(planner, expr)) {
            double[] once = planner.once(steps, () -> evaluate(expr, steps.first()));
            release(once);
            return repeat(once[0], steps);
        }
        return switch (expr) {
            case Expr.NumberLiteral number -> repeat(number.value(), steps);
            case Expr.Paren paren -> evaluate(paren.inner(), steps);
            case Expr.Unary unary -> {
                double[] values = evaluate(unary.inner(), steps);
                if (unary.negative()) {
                    for (int i = 0; i < values.length; i++) {
                        values[i] = -values[i];
                    }
                }
                yield values;
            }
            case Expr.Binary binary -> binary(binary, steps);
            case Expr.Call call -> call(call, steps);
            case Expr.StringLiteral _,
                    Expr.VectorSelector _,
                    Expr.MatrixSelector _,
                    Expr.Subquery _,
                    Expr.Aggregation _ ->
                throw new IllegalArgumentException(
                        "expression of type " + expr.type().text() + " where a scalar is needed");
        };
    }

    /** An array with a number for each step. It counts until {@link #release} takes it. */
    private double[] take(Steps steps) {
        context.memory().take((long) Double.BYTES * steps.count());
        return new double[steps.count()];
    }

    private void release(double[] values) {
        context.memory().giveBack((long) Double.BYTES * values.length);
    }

    private double[] repeat(double value, Steps steps) {
        double[] values = take(steps);
        Arrays.fill(values, value);
        return values;
    }

    private double[] binary(Expr.Binary binary, Steps steps) {
        double[] left = evaluate(binary.left(), steps);
        double[] right = evaluate(binary.right(), steps);
        BinaryOp op = binary.op();
        if (op.kind() == BinaryOp.Kind.HISTOGRAM) {
            throw QueryException.execution("operator \"" + op.symbol() + "\" not allowed for Scalar operations");
        }
        if (op.isComparison()) {
            Arithmetic.compare(op, left, right, left);
        } else {
            Arithmetic.apply(op, left, right, left);
        }
        release(right);
        return left;
    }

    private double[] call(Expr.Call call, Steps steps) {
        List<Expr> arguments = call.arguments();
        return switch (call.function().name()) {
            case "pi" -> repeat(Math.PI, steps);
            case "time" -> {
                double[] values = take(steps);
                for (int i = 0; i < values.length; i++) {
                    values[i] = steps.timeMs(i) / 1000.0;
                }
                yield values;
            }
            case "start" -> repeat(context.querySteps().startMs() / 1000.0, steps);
            case "end" -> repeat(context.queryEndMs() / 1000.0, steps);
            // Prometheus takes a range that is one time for an instant here; in durations it does not.
            case "step" -> repeat(context.queryRangeMs() == 0 ? 0 : context.queryStepMs() / 1000.0, steps);
            case "range" -> repeat(context.queryRangeMs() / 1000.0, steps);
            case "min_of" -> pairwise(arguments, steps, Arithmetic::min);
            case "max_of" -> pairwise(arguments, steps, Arithmetic::max);
            case "scalar" -> onlySeries(arguments.getFirst(), steps);
            default ->
                throw new IllegalArgumentException("function " + call.function().name() + " does not give a scalar");
        };
    }

    private double[] pairwise(List<Expr> arguments, Steps steps, java.util.function.DoubleBinaryOperator operator) {
        double[] left = evaluate(arguments.get(0), steps);
        double[] right = evaluate(arguments.get(1), steps);
        for (int i = 0; i < left.length; i++) {
            left[i] = operator.applyAsDouble(left[i], right[i]);
        }
        release(right);
        return left;
    }

    /** The value of the only series at each step; not a number where there is none or more than one. */
    private double[] onlySeries(Expr vector, Steps steps) {
        double[] values = take(steps);
        int[] seen = new int[steps.count()];
        VectorOperator operator = planner.vector(vector, steps);
        for (Column column = operator.next(); column != null; column = operator.next()) {
            column.dropHistograms();
            long[] present = column.present();
            for (int step = Presence.next(present, 0); step >= 0; step = Presence.next(present, step + 1)) {
                values[step] = column.values()[step];
                seen[step]++;
            }
            context.columns().release(column);
        }
        for (int step = 0; step < values.length; step++) {
            if (seen[step] != 1) {
                values[step] = Double.NaN;
            }
        }
        return values;
    }
}
