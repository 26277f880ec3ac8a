// SPDX-License-Identifier: Apache-2.0
package dev.narthex.model;

/** How a {@link LabelMatcher} compares. */
public enum MatchOp {
    EQUAL("="),
    NOT_EQUAL("!="),
    REGEX("=~"),
    NOT_REGEX("!~");

    private final String symbol;

    MatchOp(String symbol) {
        this.symbol = symbol;
    }

    /**
     * The operator of a symbol.
     *
     * @throws IllegalArgumentException when there is none
     */
    public static MatchOp of(String symbol) {
        for (MatchOp op : values()) {
            if (op.symbol.equals(symbol)) {
                return op;
            }
        }
        throw new IllegalArgumentException("matcher: no operator " + symbol + "; expected one of = != =~ !~");
    }

    /** The operator as PromQL writes it. */
    public String symbol() {
        return symbol;
    }

    public boolean isRegex() {
        return this == REGEX || this == NOT_REGEX;
    }

    public boolean isNegative() {
        return this == NOT_EQUAL || this == NOT_REGEX;
    }
}
