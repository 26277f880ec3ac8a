// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.syntax;

import dev.narthex.model.LabelMatcher;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/** Expressions with the same position everywhere and sorted matchers, so that they can be compared. */
final class Positionless {
    private static final PositionRange NOWHERE = new PositionRange(0, 0);

    private Positionless() {}

    static Expr of(Expr expr) {
        return switch (expr) {
            case Expr.NumberLiteral number -> new Expr.NumberLiteral(number.value(), number.duration(), NOWHERE);
            case Expr.StringLiteral string -> new Expr.StringLiteral(string.value(), NOWHERE);
            case Expr.VectorSelector selector -> selector(selector);
            case Expr.MatrixSelector matrix ->
                new Expr.MatrixSelector(selector(matrix.selector()), of(matrix.range()), NOWHERE);
            case Expr.Subquery subquery ->
                new Expr.Subquery(
                        of(subquery.inner()),
                        of(subquery.range()),
                        orNull(subquery.resolution()),
                        orNull(subquery.offset()),
                        subquery.at(),
                        NOWHERE);
            case Expr.Call call ->
                new Expr.Call(
                        call.function(),
                        call.arguments().stream().map(Positionless::of).toList(),
                        NOWHERE);
            case Expr.Aggregation aggregation ->
                new Expr.Aggregation(
                        aggregation.op(),
                        of(aggregation.inner()),
                        aggregation.parameter() == null ? null : of(aggregation.parameter()),
                        aggregation.grouping(),
                        aggregation.without(),
                        NOWHERE);
            case Expr.Binary binary ->
                new Expr.Binary(
                        binary.op(),
                        of(binary.left()),
                        of(binary.right()),
                        binary.returnBool(),
                        binary.matching(),
                        NOWHERE,
                        NOWHERE);
            case Expr.Unary unary -> new Expr.Unary(unary.negative(), of(unary.inner()), NOWHERE);
            case Expr.Paren paren -> new Expr.Paren(of(paren.inner()), NOWHERE);
        };
    }

    private static Expr.VectorSelector selector(Expr.VectorSelector selector) {
        return new Expr.VectorSelector(
                selector.name(),
                selector.matchers().stream()
                        .sorted(Comparator.comparing(LabelMatcher::toString))
                        .toList(),
                orNull(selector.offset()),
                selector.at(),
                selector.modifier(),
                NOWHERE);
    }

    private static @Nullable DurationExpr orNull(@Nullable DurationExpr duration) {
        return duration == null ? null : of(duration);
    }

    private static DurationExpr of(DurationExpr duration) {
        return switch (duration) {
            case DurationExpr.Literal literal ->
                new DurationExpr.Literal(literal.seconds(), literal.duration(), NOWHERE);
            case DurationExpr.Step _ -> new DurationExpr.Step(NOWHERE);
            case DurationExpr.Range _ -> new DurationExpr.Range(NOWHERE);
            case DurationExpr.MinOf min -> new DurationExpr.MinOf(of(min.left()), of(min.right()), NOWHERE);
            case DurationExpr.MaxOf max -> new DurationExpr.MaxOf(of(max.left()), of(max.right()), NOWHERE);
            case DurationExpr.Operation operation ->
                new DurationExpr.Operation(operation.op(), of(operation.left()), of(operation.right()), NOWHERE);
            case DurationExpr.Negation negation -> new DurationExpr.Negation(of(negation.inner()), NOWHERE);
            case DurationExpr.Paren paren -> new DurationExpr.Paren(of(paren.inner()), NOWHERE);
        };
    }
}
