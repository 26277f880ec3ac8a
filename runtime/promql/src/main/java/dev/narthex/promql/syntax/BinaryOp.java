// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.syntax;

/** The binary operators, loosest binding first by {@link #precedence()}. */
public enum BinaryOp {
    OR("or", 1, Kind.SET),
    AND("and", 2, Kind.SET),
    UNLESS("unless", 2, Kind.SET),
    EQUAL("==", 3, Kind.COMPARISON),
    NOT_EQUAL("!=", 3, Kind.COMPARISON),
    LESS_OR_EQUAL("<=", 3, Kind.COMPARISON),
    LESS("<", 3, Kind.COMPARISON),
    GREATER_OR_EQUAL(">=", 3, Kind.COMPARISON),
    GREATER(">", 3, Kind.COMPARISON),
    /** Keeps the part of native histograms below a bound. */
    TRIM_UPPER("</", 3, Kind.HISTOGRAM),
    /** Keeps the part of native histograms above a bound. */
    TRIM_LOWER(">/", 3, Kind.HISTOGRAM),
    ADD("+", 4, Kind.ARITHMETIC),
    SUBTRACT("-", 4, Kind.ARITHMETIC),
    MULTIPLY("*", 5, Kind.ARITHMETIC),
    DIVIDE("/", 5, Kind.ARITHMETIC),
    MODULO("%", 5, Kind.ARITHMETIC),
    ATAN2("atan2", 5, Kind.ARITHMETIC),
    POWER("^", 6, Kind.ARITHMETIC);

    /** What an operator does in principle. */
    public enum Kind {
        SET,
        COMPARISON,
        ARITHMETIC,
        HISTOGRAM
    }

    private final String symbol;
    private final int precedence;
    private final Kind kind;

    BinaryOp(String symbol, int precedence, Kind kind) {
        this.symbol = symbol;
        this.precedence = precedence;
        this.kind = kind;
    }

    public String symbol() {
        return symbol;
    }

    /** The greater, the tighter; operators of one precedence group to the left, but {@code ^} to the right. */
    public int precedence() {
        return precedence;
    }

    public Kind kind() {
        return kind;
    }

    public boolean isSet() {
        return kind == Kind.SET;
    }

    public boolean isComparison() {
        return kind == Kind.COMPARISON;
    }

    public boolean isRightAssociative() {
        return this == POWER;
    }
}
