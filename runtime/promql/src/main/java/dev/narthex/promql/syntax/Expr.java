// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.syntax;

import dev.narthex.model.LabelMatcher;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An expression of PromQL, checked: its parts have the types that they must have. */
public sealed interface Expr {
    /** Where the expression stands in the text of the query. */
    PositionRange position();

    /** What the expression evaluates to. */
    ValueType type();

    /**
     * A number.
     *
     * @param value its value, seconds where it was written as a duration
     * @param duration whether it was written as a duration such as {@code 5m}
     */
    record NumberLiteral(double value, boolean duration, PositionRange position) implements Expr {
        @Override
        public ValueType type() {
            return ValueType.SCALAR;
        }
    }

    /** A string, without its quotes and escapes. */
    record StringLiteral(String value, PositionRange position) implements Expr {
        @Override
        public ValueType type() {
            return ValueType.STRING;
        }
    }

    /**
     * Series by their labels, each with its newest sample.
     *
     * @param name the metric name in front of the braces, empty where there is none
     * @param matchers all conditions, that on the metric name among them
     * @param offset how far back from the step, null for not at all
     * @param at the fixed moment of evaluation, null for the step's
     * @param modifier how the value is taken
     */
    record VectorSelector(
            String name,
            List<LabelMatcher> matchers,
            @Nullable DurationExpr offset,
            @Nullable AtModifier at,
            RangeModifier modifier,
            PositionRange position)
            implements Expr {
        public VectorSelector {
            matchers = List.copyOf(matchers);
        }

        @Override
        public ValueType type() {
            return ValueType.INSTANT_VECTOR;
        }
    }

    /**
     * Series by their labels, each with its samples of a time range. Offset and moment are those of the selector.
     *
     * @param range the length of the range, open on the left, closed on the right
     */
    record MatrixSelector(VectorSelector selector, DurationExpr range, PositionRange position) implements Expr {
        @Override
        public ValueType type() {
            return ValueType.RANGE_VECTOR;
        }
    }

    /**
     * An expression evaluated at many moments of a range.
     *
     * @param resolution the distance of the moments, null for the engine's default
     */
    record Subquery(
            Expr inner,
            DurationExpr range,
            @Nullable DurationExpr resolution,
            @Nullable DurationExpr offset,
            @Nullable AtModifier at,
            PositionRange position)
            implements Expr {
        @Override
        public ValueType type() {
            return ValueType.RANGE_VECTOR;
        }
    }

    /** The call of a function. */
    record Call(Function function, List<Expr> arguments, PositionRange position) implements Expr {
        public Call {
            arguments = List.copyOf(arguments);
        }

        @Override
        public ValueType type() {
            return function.returnType();
        }
    }

    /**
     * An aggregation over series.
     *
     * @param parameter what stands in front of the vector, null where the operator takes none
     * @param without whether the grouping lists the labels that go, rather than those that stay
     */
    record Aggregation(
            AggregateOp op,
            Expr inner,
            @Nullable Expr parameter,
            List<String> grouping,
            boolean without,
            PositionRange position)
            implements Expr {
        public Aggregation {
            grouping = List.copyOf(grouping);
        }

        @Override
        public ValueType type() {
            return ValueType.INSTANT_VECTOR;
        }
    }

    /**
     * An operator between two expressions.
     *
     * @param returnBool whether a comparison gives 0 or 1 rather than to filter
     * @param matching how the series find each other, null unless both sides are vectors
     * @param opPosition where the operator stands
     */
    record Binary(
            BinaryOp op,
            Expr left,
            Expr right,
            boolean returnBool,
            @Nullable VectorMatching matching,
            PositionRange opPosition,
            PositionRange position)
            implements Expr {
        @Override
        public ValueType type() {
            return left.type() == ValueType.SCALAR && right.type() == ValueType.SCALAR
                    ? ValueType.SCALAR
                    : ValueType.INSTANT_VECTOR;
        }
    }

    /** A sign in front of an expression. */
    record Unary(boolean negative, Expr inner, PositionRange position) implements Expr {
        @Override
        public ValueType type() {
            return inner.type();
        }
    }

    /** An expression in parentheses. */
    record Paren(Expr inner, PositionRange position) implements Expr {
        @Override
        public ValueType type() {
            return inner.type();
        }
    }

    /** The expression within any number of parentheses. */
    default Expr withoutParens() {
        Expr expr = this;
        while (expr instanceof Paren paren) {
            expr = paren.inner();
        }
        return expr;
    }
}
