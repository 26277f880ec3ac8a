// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.promql.syntax.Expr;
import java.util.Set;

/** Finds expressions that are the same at every step of a query, so that one evaluation is enough. */
final class StepInvariance {
    /** Functions that look at the time of the step, whatever their arguments. */
    private static final Set<String> LOOKING_AT_TIME = Set.of(
            "day_of_month",
            "day_of_week",
            "day_of_year",
            "days_in_month",
            "hour",
            "minute",
            "month",
            "predict_linear",
            "time",
            "timestamp",
            "year");

    private StepInvariance() {}

    static boolean isInvariant(Planner planner, Expr expr) {
        return switch (expr) {
            case Expr.NumberLiteral _, Expr.StringLiteral _ -> true;
            case Expr.VectorSelector selector -> selector.at() != null;
            case Expr.MatrixSelector matrix -> matrix.selector().at() != null;
            case Expr.Subquery subquery -> subquery.at() != null;
            case Expr.Call call
            when call.function().name().equals("timestamp")
                    && call.arguments().getFirst().withoutParens() instanceof Expr.VectorSelector selector ->
                // The time of a sample rather than of the step.
                isInvariant(planner, selector);
            // It looks at info series when it looks at those of its argument, if these agree on a moment.
            case Expr.Call call
            when call.function().name().equals("info") ->
                isInvariant(planner, call.arguments().getFirst())
                        && InfoTime.of(planner, call.arguments().getFirst()).atMs() != null;
            case Expr.Call call ->
                !LOOKING_AT_TIME.contains(call.function().name())
                        && call.arguments().stream().allMatch(argument -> isInvariant(planner, argument));
            case Expr.Aggregation aggregation ->
                isInvariant(planner, aggregation.inner())
                        && (aggregation.parameter() == null || isInvariant(planner, aggregation.parameter()));
            case Expr.Binary binary -> isInvariant(planner, binary.left()) && isInvariant(planner, binary.right());
            case Expr.Unary unary -> isInvariant(planner, unary.inner());
            case Expr.Paren paren -> isInvariant(planner, paren.inner());
        };
    }
}
