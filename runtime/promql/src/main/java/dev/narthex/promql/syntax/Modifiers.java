// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.syntax;

import org.jspecify.annotations.Nullable;

/** Puts the modifiers behind a selector or subquery where they belong. */
final class Modifiers {
    private static final String SELECTOR = "an instant or a range vector selector in front of it";

    private Modifiers() {}

    /** Whether an offset counts as given: Prometheus does not tell an offset of 0 from none. */
    static boolean isSet(@Nullable DurationExpr offset) {
        return offset != null && !(offset instanceof DurationExpr.Literal literal && literal.seconds() == 0);
    }

    static Expr offset(TokenReader tokens, Expr expr, DurationExpr offset) {
        return switch (expr) {
            case Expr.VectorSelector selector -> offset(tokens, expr, selector, offset);
            case Expr.MatrixSelector matrix ->
                new Expr.MatrixSelector(
                        offset(tokens, expr, matrix.selector(), offset), matrix.range(), end(tokens, expr));
            case Expr.Subquery subquery -> {
                requireUnset(tokens, expr, subquery.offset());
                yield new Expr.Subquery(
                        subquery.inner(),
                        subquery.range(),
                        subquery.resolution(),
                        offset,
                        subquery.at(),
                        end(tokens, expr));
            }
            case Expr.NumberLiteral _,
                    Expr.StringLiteral _,
                    Expr.Call _,
                    Expr.Aggregation _,
                    Expr.Binary _,
                    Expr.Unary _,
                    Expr.Paren _ -> throw misplaced(tokens, expr, "offset");
        };
    }

    private static Expr.VectorSelector offset(
            TokenReader tokens, Expr whole, Expr.VectorSelector selector, DurationExpr offset) {
        requireUnset(tokens, whole, selector.offset());
        return new Expr.VectorSelector(
                selector.name(),
                selector.matchers(),
                offset,
                selector.at(),
                selector.modifier(),
                end(tokens, selector));
    }

    private static void requireUnset(TokenReader tokens, Expr whole, @Nullable DurationExpr offset) {
        if (isSet(offset)) {
            throw tokens.error(whole.position(), "offset may not be set multiple times", "one offset");
        }
    }

    static Expr at(TokenReader tokens, Expr expr, AtModifier at) {
        return switch (expr) {
            case Expr.VectorSelector selector -> at(tokens, expr, selector, at);
            case Expr.MatrixSelector matrix ->
                new Expr.MatrixSelector(at(tokens, expr, matrix.selector(), at), matrix.range(), end(tokens, expr));
            case Expr.Subquery subquery -> {
                requireUnset(tokens, expr, subquery.at());
                yield new Expr.Subquery(
                        subquery.inner(),
                        subquery.range(),
                        subquery.resolution(),
                        subquery.offset(),
                        at,
                        end(tokens, expr));
            }
            case Expr.NumberLiteral _,
                    Expr.StringLiteral _,
                    Expr.Call _,
                    Expr.Aggregation _,
                    Expr.Binary _,
                    Expr.Unary _,
                    Expr.Paren _ -> throw misplaced(tokens, expr, "@");
        };
    }

    private static Expr.VectorSelector at(TokenReader tokens, Expr whole, Expr.VectorSelector selector, AtModifier at) {
        requireUnset(tokens, whole, selector.at());
        return new Expr.VectorSelector(
                selector.name(),
                selector.matchers(),
                selector.offset(),
                at,
                selector.modifier(),
                end(tokens, selector));
    }

    private static void requireUnset(TokenReader tokens, Expr whole, @Nullable AtModifier at) {
        if (at != null) {
            throw tokens.error(whole.position(), "@ <timestamp> may not be set multiple times", "one @");
        }
    }

    static Expr range(TokenReader tokens, Expr expr, RangeModifier modifier) {
        return switch (expr) {
            case Expr.VectorSelector selector -> range(tokens, selector, modifier);
            case Expr.MatrixSelector matrix ->
                new Expr.MatrixSelector(range(tokens, matrix.selector(), modifier), matrix.range(), end(tokens, expr));
            case Expr.Subquery _ ->
                throw tokens.error(
                        expr.position(), modifier.text() + " modifier is not supported for subqueries", SELECTOR);
            case Expr.NumberLiteral _,
                    Expr.StringLiteral _,
                    Expr.Call _,
                    Expr.Aggregation _,
                    Expr.Binary _,
                    Expr.Unary _,
                    Expr.Paren _ ->
                throw tokens.error(expr.position(), modifier.text() + " modifier not implemented", SELECTOR);
        };
    }

    private static Expr.VectorSelector range(TokenReader tokens, Expr.VectorSelector selector, RangeModifier modifier) {
        if (selector.modifier() != RangeModifier.NONE && selector.modifier() != modifier) {
            throw tokens.error(
                    selector.position(), "anchored and smoothed modifiers cannot be used together", "one of both");
        }
        return new Expr.VectorSelector(
                selector.name(),
                selector.matchers(),
                selector.offset(),
                selector.at(),
                modifier,
                end(tokens, selector));
    }

    private static PositionRange end(TokenReader tokens, Expr expr) {
        return expr.position().to(tokens.lastPosition());
    }

    private static PromqlParseException misplaced(TokenReader tokens, Expr expr, String modifier) {
        return tokens.error(
                expr.position(),
                modifier
                        + " modifier must be preceded by an instant vector selector or range vector selector or a"
                        + " subquery",
                "one of these in front of " + modifier);
    }
}
