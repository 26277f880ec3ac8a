// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.differential;

import dev.narthex.model.Labels;
import dev.narthex.promql.syntax.AggregateOp;
import dev.narthex.promql.syntax.Expr;
import dev.narthex.promql.syntax.PromqlPrinter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Aggregations that choose among series ({@code topk} and the like). Which of several series with equal values they
 * choose depends on the order in which these come, and that on when the database made them, or on nothing.
 */
final class Ties {
    private Ties() {}

    /** The aggregations of a query that choose series by value, as queries of their own, inner ones first. */
    static List<String> choices(Expr expr) {
        List<String> found = new ArrayList<>();
        collect(expr, found);
        return found;
    }

    private static void collect(Expr expr, List<String> found) {
        switch (expr) {
            case Expr.NumberLiteral _, Expr.StringLiteral _, Expr.VectorSelector _, Expr.MatrixSelector _ -> {
                // Chooses nothing.
            }
            case Expr.Subquery subquery -> collect(subquery.inner(), found);
            case Expr.Call call -> call.arguments().forEach(argument -> collect(argument, found));
            case Expr.Binary binary -> {
                collect(binary.left(), found);
                collect(binary.right(), found);
            }
            case Expr.Unary unary -> collect(unary.inner(), found);
            case Expr.Paren paren -> collect(paren.inner(), found);
            case Expr.Aggregation aggregation -> {
                collect(aggregation.inner(), found);
                if (aggregation.op() == AggregateOp.TOPK || aggregation.op() == AggregateOp.BOTTOMK) {
                    found.add(PromqlPrinter.print(aggregation));
                }
            }
        }
    }

    /** Whether two answers are of the same values at the same moments, whatever series have them. */
    static boolean haveSameValues(Answer ours, Answer right) {
        return valuesByTime(ours).equals(valuesByTime(right));
    }

    private static Map<Long, Map<String, Integer>> valuesByTime(Answer answer) {
        Map<Long, Map<String, Integer>> values = new TreeMap<>();
        for (Map.Entry<Labels, NavigableMap<Long, Double>> series :
                answer.series().entrySet()) {
            series.getValue()
                    .forEach((time, value) -> values.computeIfAbsent(time, _ -> new TreeMap<>())
                            .merge(String.format(Locale.ROOT, "%.8e", value + 0.0), 1, Integer::sum));
        }
        return values;
    }
}
