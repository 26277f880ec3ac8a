// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.promql.syntax.Expr;
import dev.narthex.promql.syntax.ValueType;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * When {@code info} looks at info series: at the same offset and fixed moment as the selectors of its argument, where they
 * all agree; otherwise at the moment of the step.
 */
final class InfoTime {
    private static final SelectorTime OF_STEP = new SelectorTime(null, 0);

    private final Planner planner;
    private final Set<SelectorTime> times = new HashSet<>();

    private InfoTime(Planner planner) {
        this.planner = planner;
    }

    static SelectorTime of(Planner planner, Expr argument) {
        InfoTime found = new InfoTime(planner);
        found.visit(argument, OF_STEP);
        return found.times.size() == 1 ? found.times.iterator().next() : OF_STEP;
    }

    private static boolean isNumber(Expr expr) {
        return expr.type() == ValueType.SCALAR;
    }

    private void visit(Expr expr, SelectorTime outer) {
        if (isNumber(expr)) {
            // Whatever it selects has no labels to which some could be added.
            return;
        }
        switch (expr) {
            case Expr.NumberLiteral _, Expr.StringLiteral _ -> {
                // Selects nothing.
            }
            case Expr.VectorSelector selector ->
                times.add(within(outer, planner.time(selector.at(), selector.offset())));
            case Expr.MatrixSelector matrix -> visit(matrix.selector(), outer);
            case Expr.Subquery subquery ->
                visit(subquery.inner(), within(outer, planner.time(subquery.at(), subquery.offset())));
            // What stands behind the argument of another info says which labels to add, and selects nothing by itself.
            case Expr.Call call
            when call.function().name().equals("info") -> visit(call.arguments().getFirst(), outer);
            case Expr.Call call -> {
                List<Expr> vectors = call.arguments().stream()
                        .filter(argument -> !isNumber(argument) && argument.type() != ValueType.STRING)
                        .toList();
                if (vectors.isEmpty() && !isNumber(call)) {
                    // Such as vector(1): made for each step.
                    times.add(outer);
                }
                vectors.forEach(argument -> visit(argument, outer));
            }
            case Expr.Aggregation aggregation -> visit(aggregation.inner(), outer);
            case Expr.Binary binary -> {
                visit(binary.left(), outer);
                visit(binary.right(), outer);
            }
            case Expr.Unary unary -> visit(unary.inner(), outer);
            case Expr.Paren paren -> visit(paren.inner(), outer);
        }
    }

    private static SelectorTime within(SelectorTime outer, SelectorTime inner) {
        return inner.atMs() != null
                ? new SelectorTime(inner.atMs() - inner.offsetMs(), 0)
                : new SelectorTime(outer.atMs(), outer.offsetMs() + inner.offsetMs());
    }
}
