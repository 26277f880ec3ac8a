// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.syntax;

/**
 * A duration as ranges, offsets and resolutions have it: a literal, or arithmetic on literals and on the step and the
 * range of the query. Values are seconds.
 */
public sealed interface DurationExpr {
    PositionRange position();

    /**
     * A number of seconds or a duration such as {@code 5m}.
     *
     * @param seconds its value
     * @param duration whether it was written as a duration rather than a number
     * @param position where it stands
     */
    record Literal(double seconds, boolean duration, PositionRange position) implements DurationExpr {}

    /** The step of the query: {@code step()}. */
    record Step(PositionRange position) implements DurationExpr {}

    /** The range of the query, from its first to its last step: {@code range()}. */
    record Range(PositionRange position) implements DurationExpr {}

    /** The lesser of two: {@code min_of(a, b)}. */
    record MinOf(DurationExpr left, DurationExpr right, PositionRange position) implements DurationExpr {}

    /** The greater of two: {@code max_of(a, b)}. */
    record MaxOf(DurationExpr left, DurationExpr right, PositionRange position) implements DurationExpr {}

    /** Arithmetic on two. */
    record Operation(BinaryOp op, DurationExpr left, DurationExpr right, PositionRange position)
            implements DurationExpr {}

    /** The negative of one. */
    record Negation(DurationExpr inner, PositionRange position) implements DurationExpr {}

    /** One in parentheses. */
    record Paren(DurationExpr inner, PositionRange position) implements DurationExpr {}

    /**
     * Its value in seconds.
     *
     * @param stepMs the step of the query, 0 for an instant query
     * @param rangeMs the range of the query, 0 for an instant query
     */
    default double seconds(long stepMs, long rangeMs) {
        return switch (this) {
            case Literal literal -> literal.seconds();
            case Step _ -> stepMs / 1000.0;
            case Range _ -> rangeMs / 1000.0;
            case MinOf min ->
                Math.min(min.left().seconds(stepMs, rangeMs), min.right().seconds(stepMs, rangeMs));
            case MaxOf max ->
                Math.max(max.left().seconds(stepMs, rangeMs), max.right().seconds(stepMs, rangeMs));
            case Negation negation -> -negation.inner().seconds(stepMs, rangeMs);
            case Paren paren -> paren.inner().seconds(stepMs, rangeMs);
            case Operation operation ->
                apply(
                        operation.op(),
                        operation.left().seconds(stepMs, rangeMs),
                        operation.right().seconds(stepMs, rangeMs));
        };
    }

    private static double apply(BinaryOp op, double left, double right) {
        return switch (op) {
            case ADD -> left + right;
            case SUBTRACT -> left - right;
            case MULTIPLY -> left * right;
            case DIVIDE -> left / right;
            case MODULO -> left % right;
            case POWER -> Math.pow(left, right);
            case OR,
                    AND,
                    UNLESS,
                    EQUAL,
                    NOT_EQUAL,
                    LESS_OR_EQUAL,
                    LESS,
                    GREATER_OR_EQUAL,
                    GREATER,
                    TRIM_UPPER,
                    TRIM_LOWER,
                    ATAN2 -> throw new IllegalArgumentException("duration expression: operator " + op.symbol());
        };
    }
}
