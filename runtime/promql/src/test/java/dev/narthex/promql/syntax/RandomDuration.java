// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.syntax;

import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Random durations as a parser makes them: brackets stand where precedence asks for them, and now and then besides. */
final class RandomDuration {
    private static final PositionRange NOWHERE = new PositionRange(0, 0);
    private static final List<BinaryOp> OPS = List.of(
            BinaryOp.ADD, BinaryOp.SUBTRACT, BinaryOp.MULTIPLY, BinaryOp.DIVIDE, BinaryOp.MODULO, BinaryOp.POWER);

    private final Random random;
    private final int operandUnitMs;

    /** @param operandUnitMs what the durations within arithmetic are multiples of, in milliseconds */
    RandomDuration(Random random, int operandUnitMs) {
        this.random = random;
        this.operandUnitMs = operandUnitMs;
    }

    /** What stands in brackets behind a selector. */
    DurationExpr range() {
        DurationExpr duration = any(random.nextInt(3));
        return duration instanceof DurationExpr.Literal ? literal(1) : duration;
    }

    /** What stands in front of the colon of a subquery: something with a number or a duration in it. */
    DurationExpr rangeOfSubquery() {
        DurationExpr range = range();
        while (!hasLiteral(range)) {
            range = range();
        }
        return range;
    }

    private static boolean hasLiteral(DurationExpr duration) {
        return switch (duration) {
            case DurationExpr.Literal _ -> true;
            case DurationExpr.Step _, DurationExpr.Range _ -> false;
            case DurationExpr.MinOf min -> hasLiteral(min.left()) || hasLiteral(min.right());
            case DurationExpr.MaxOf max -> hasLiteral(max.left()) || hasLiteral(max.right());
            case DurationExpr.Operation operation -> hasLiteral(operation.left()) || hasLiteral(operation.right());
            case DurationExpr.Negation negation -> hasLiteral(negation.inner());
            case DurationExpr.Paren paren -> hasLiteral(paren.inner());
        };
    }

    /** What stands behind {@code offset}: an operand with a sign, or arithmetic that starts with a parenthesis. */
    DurationExpr offset() {
        DurationExpr operand = operand(random.nextInt(3));
        if (operand instanceof DurationExpr.Literal) {
            double seconds = literal(1).seconds();
            return new DurationExpr.Literal(random.nextBoolean() ? seconds : -seconds, true, NOWHERE);
        }
        if (operand instanceof DurationExpr.Paren && random.nextInt(3) == 0) {
            BinaryOp op = OPS.get(random.nextInt(OPS.size()));
            return new DurationExpr.Operation(op, operand, enclosed(any(1), op, false), NOWHERE);
        }
        return random.nextInt(4) == 0 ? new DurationExpr.Negation(operand, NOWHERE) : operand;
    }

    /** Whether arithmetic behind an offset would go on with it. */
    static boolean takesArithmetic(@Nullable DurationExpr offset) {
        return offset instanceof DurationExpr.Paren || offset instanceof DurationExpr.Operation;
    }

    /** A duration within arithmetic. */
    DurationExpr.Literal literal() {
        return literal(operandUnitMs);
    }

    private DurationExpr.Literal literal(int unitMs) {
        long units = 1L + random.nextInt(90_000_000 / unitMs);
        return new DurationExpr.Literal(units * unitMs / 1000.0, true, NOWHERE);
    }

    private DurationExpr any(int depth) {
        if (depth == 0 || random.nextInt(3) == 0) {
            return operand(depth);
        }
        if (random.nextInt(8) == 0) {
            DurationExpr inner = any(depth - 1);
            boolean takesSign = switch (inner) {
                case DurationExpr.Operation operation -> operation.op() == BinaryOp.POWER;
                case DurationExpr.Literal _ -> false; // The sign would become its own.
                default -> true;
            };
            return new DurationExpr.Negation(takesSign ? inner : paren(inner), NOWHERE);
        }
        BinaryOp op = OPS.get(random.nextInt(OPS.size()));
        return new DurationExpr.Operation(
                op, enclosed(any(depth - 1), op, true), enclosed(any(depth - 1), op, false), NOWHERE);
    }

    private static DurationExpr enclosed(DurationExpr inner, BinaryOp op, boolean left) {
        boolean fits = switch (inner) {
            case DurationExpr.Operation operation ->
                operation.op().precedence() > op.precedence()
                        || (operation.op().precedence() == op.precedence() && op.isRightAssociative() != left);
            case DurationExpr.Negation _ -> !left || op != BinaryOp.POWER;
            default -> true;
        };
        return fits ? inner : paren(inner);
    }

    private static DurationExpr paren(DurationExpr inner) {
        return inner instanceof DurationExpr.Paren ? inner : new DurationExpr.Paren(inner, NOWHERE);
    }

    private DurationExpr operand(int depth) {
        return switch (random.nextInt(depth == 0 ? 4 : 7)) {
            case 0, 1 -> literal();
            case 2 ->
                random.nextBoolean()
                        ? new DurationExpr.Literal(1 + random.nextInt(100) / 8.0, false, NOWHERE)
                        : literal();
            case 3 -> random.nextBoolean() ? new DurationExpr.Step(NOWHERE) : new DurationExpr.Range(NOWHERE);
            case 4 -> new DurationExpr.MinOf(any(depth - 1), any(depth - 1), NOWHERE);
            case 5 -> new DurationExpr.MaxOf(any(depth - 1), any(depth - 1), NOWHERE);
            default -> paren(any(depth - 1));
        };
    }
}
