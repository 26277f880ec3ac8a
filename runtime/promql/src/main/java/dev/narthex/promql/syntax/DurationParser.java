// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.syntax;

import org.jspecify.annotations.Nullable;

/** Reads durations: a literal or arithmetic between brackets, a literal or arithmetic that starts with a parenthesis as an offset. */
final class DurationParser {
    private static final String OPERAND = "number, duration, step(), or range()";

    private static final int MAX_DEPTH = 100;

    private final TokenReader tokens;
    private int depth;
    private String place = "";
    private String expected = OPERAND;

    DurationParser(TokenReader tokens) {
        this.tokens = tokens;
    }

    /** The range in brackets; a literal must be greater than 0. What arithmetic gives is checked by the engine. */
    DurationExpr range() {
        return positive("subquery or range selector", OPERAND);
    }

    /** The resolution of a subquery, as {@link #range}. */
    DurationExpr resolution() {
        return positive("subquery selector", "number, duration, step(), range(), or \"]\"");
    }

    private DurationExpr positive(String where, String wanted) {
        begin(where, wanted);
        DurationExpr duration = operation(0);
        if (duration instanceof DurationExpr.Literal literal) {
            if (!(literal.seconds() > 0)) {
                throw tokens.error(literal.position(), "duration must be greater than 0", "a duration of 1ms or more");
            }
        }
        return duration;
    }

    private void begin(String where, String wanted) {
        depth = 0;
        place = where;
        expected = wanted;
    }

    private void requireInRange(Token number, PositionRange position) {
        // What 2^63 nanoseconds are. What is computed of numbers is looked at when it has been.
        if (!(Math.abs(tokens.number(number)) <= Long.MAX_VALUE / 1e9)) {
            throw tokens.error(position, "duration out of range", "a duration of 292 years at most");
        }
    }

    /**
     * The duration behind {@code offset}: signs and one operand; arithmetic in parentheses. As in Prometheus, arithmetic
     * may go on behind parentheses that follow {@code offset} at once: {@code offset (1m) + 5} is an offset of 65 s.
     */
    DurationExpr offset() {
        begin("offset", OPERAND);
        if (tokens.peekIs(TokenType.LEFT_PAREN)) {
            return operation(0);
        }
        boolean plus = tokens.peek().is(BinaryOp.ADD);
        DurationExpr offset = signed();
        if (plus && offset instanceof DurationExpr.Paren && arithmetic(tokens.peek()) != null) {
            // Printed without a sign, it would go on with what is behind it.
            PositionRange position = offset.position();
            return new DurationExpr.Negation(new DurationExpr.Negation(offset, position), position);
        }
        return offset;
    }

    /** Counts levels and operators, so that no duration overflows the stack. */
    private void descend() {
        if (++depth > MAX_DEPTH) {
            throw tokens.error(
                    tokens.peek().position(),
                    "duration nested too deep; at most " + MAX_DEPTH + " levels",
                    "a duration with fewer parentheses and operators");
        }
    }

    private DurationExpr signed() {
        descend();
        Token token = tokens.peek();
        if (token.is(BinaryOp.ADD)) {
            tokens.next();
            return signed();
        }
        if (token.is(BinaryOp.SUBTRACT)) {
            tokens.next();
            if (tokens.peek().is(TokenType.NUMBER)) {
                requireInRange(tokens.peek(), token.position());
            }
            return negate(token.position(), signed());
        }
        return operand();
    }

    private static DurationExpr negate(PositionRange sign, DurationExpr inner) {
        PositionRange position = sign.to(inner.position());
        return inner instanceof DurationExpr.Literal literal
                ? new DurationExpr.Literal(-literal.seconds(), literal.duration(), position)
                : new DurationExpr.Negation(inner, position);
    }

    private DurationExpr operation(int minPrecedence) {
        descend();
        DurationExpr left = unary();
        while (true) {
            BinaryOp op = arithmetic(tokens.peek());
            if (op == null || op.precedence() < minPrecedence) {
                depth--;
                return left;
            }
            descend();
            PositionRange sign = tokens.next().position();
            DurationExpr right = operation(op.precedence() + (op.isRightAssociative() ? 0 : 1));
            requireDivisor(op, right, sign);
            left = new DurationExpr.Operation(op, left, right, left.position().to(right.position()));
        }
    }

    private void requireDivisor(BinaryOp op, DurationExpr right, PositionRange sign) {
        boolean divides = op == BinaryOp.DIVIDE || op == BinaryOp.MODULO;
        if (divides && right instanceof DurationExpr.Literal literal && literal.seconds() == 0) {
            throw tokens.error(
                    sign, (op == BinaryOp.DIVIDE ? "division" : "modulo") + " by zero", "a divisor other than 0");
        }
    }

    private DurationExpr unary() {
        Token token = tokens.peek();
        if (token.is(BinaryOp.ADD)) {
            tokens.next();
            DurationExpr inner = operation(BinaryOp.POWER.precedence());
            return inner instanceof DurationExpr.Literal literal
                    ? new DurationExpr.Literal(
                            literal.seconds(),
                            literal.duration(),
                            token.position().to(literal.position()))
                    : inner;
        }
        if (token.is(BinaryOp.SUBTRACT)) {
            tokens.next();
            return negate(token.position(), operation(BinaryOp.POWER.precedence()));
        }
        return operand();
    }

    private static @Nullable BinaryOp arithmetic(Token token) {
        return token.value() instanceof BinaryOp op && op.kind() == BinaryOp.Kind.ARITHMETIC && op != BinaryOp.ATAN2
                ? op
                : null;
    }

    private DurationExpr operand() {
        Token token = tokens.peek();
        if (token.is(TokenType.NUMBER) || token.is(TokenType.DURATION)) {
            requireInRange(token, token.position());
            tokens.next();
            return new DurationExpr.Literal(tokens.number(token), token.is(TokenType.DURATION), token.position());
        }
        if (token.is(TokenType.LEFT_PAREN)) {
            tokens.next();
            DurationExpr inner = operation(0);
            expect(TokenType.RIGHT_PAREN, "\")\"");
            PositionRange position = token.position().to(tokens.lastPosition());
            // Parentheses around parentheses say nothing more.
            return new DurationExpr.Paren(inner instanceof DurationExpr.Paren paren ? paren.inner() : inner, position);
        }
        if (token.is(Keyword.STEP) || token.is(Keyword.RANGE)) {
            tokens.next();
            expect(TokenType.LEFT_PAREN, "\"(\"");
            expect(TokenType.RIGHT_PAREN, "\")\"");
            PositionRange position = token.position().to(tokens.lastPosition());
            return token.is(Keyword.STEP) ? new DurationExpr.Step(position) : new DurationExpr.Range(position);
        }
        if (token.is(Keyword.MIN_OF) || token.is(Keyword.MAX_OF)) {
            return minOrMax();
        }
        throw tokens.unexpected(place, expected);
    }

    private void expect(TokenType type, String wanted) {
        if (!tokens.peekIs(type)) {
            throw tokens.unexpected(place, expected, wanted);
        }
        tokens.next();
    }

    private DurationExpr minOrMax() {
        Token name = tokens.next();
        expect(TokenType.LEFT_PAREN, "\"(\"");
        DurationExpr left = operation(0);
        expect(TokenType.COMMA, "\",\"");
        DurationExpr right = operation(0);
        expect(TokenType.RIGHT_PAREN, "\")\"");
        PositionRange position = name.position().to(tokens.lastPosition());
        return name.is(Keyword.MIN_OF)
                ? new DurationExpr.MinOf(left, right, position)
                : new DurationExpr.MaxOf(left, right, position);
    }
}
