// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.promql.syntax.Expr;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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

    private void visit(@Nullable Expr expr, SelectorTime outer) {
        switch (expr) {
            case null -> {
                // Selects nothing.
            }
            case Expr.NumberLiteral _, Expr.StringLiteral _ -> {
                // Selects nothing.
            }
            case Expr.VectorSelector selector ->
                times.add(within(outer, planner.time(selector.at(), selector.offset())));
            case Expr.MatrixSelector matrix -> visit(matrix.selector(), outer);
            case Expr.Subquery subquery ->
                visit(subquery.inner(), within(outer, planner.time(subquery.at(), subquery.offset())));
            case Expr.Call call -> call.arguments().forEach(argument -> visit(argument, outer));
            case Expr.Aggregation aggregation -> {
                visit(aggregation.parameter(), outer);
                visit(aggregation.inner(), outer);
            }
            case Expr.Binary binary -> {
                visit(binary.left(), outer);
                visit(binary.right(), outer);
            }
            case Expr.Unary unary -> visit(unary.inner(), outer);
            case Expr.Paren paren -> visit(paren.inner(), outer);
        }
    }

    private static SelectorTime within(SelectorTime outer, SelectorTime inner) {
        return inner.atMs() != null ? inner : new SelectorTime(outer.atMs(), outer.offsetMs() + inner.offsetMs());
    }
}
