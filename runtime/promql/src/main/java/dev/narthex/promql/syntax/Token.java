// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.syntax;

import dev.narthex.model.QuotedString;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A token.
 *
 * @param text the token as it is written; for a string what it stands for
 * @param value for an operator its {@link BinaryOp}, for an aggregation its {@link AggregateOp}, for a keyword its
 *     {@link Keyword}, for a number or duration its value in a {@link Double}, otherwise null
 */
record Token(TokenType type, String text, @Nullable Object value, PositionRange position) {
    boolean is(TokenType other) {
        return type == other;
    }

    boolean is(BinaryOp op) {
        return value == op;
    }

    boolean is(Keyword keyword) {
        return value == keyword;
    }

    double number() {
        if (value instanceof Double number) {
            return number;
        }
        throw new IllegalStateException("token " + this + " has no number");
    }

    /** The token as messages name it. */
    String description(String query) {
        return switch (type) {
            case IDENTIFIER, METRIC_IDENTIFIER, NUMBER, DURATION, STRING ->
                type.description() + " " + QuotedString.of(query.substring(position.start(), position.end()));
            case AGGREGATION, OPERATOR -> "<" + type.description() + ":" + text.toLowerCase(Locale.ROOT) + ">";
            case KEYWORD -> "<" + text.toLowerCase(Locale.ROOT) + ">";
            case END_OF_INPUT,
                    LEFT_PAREN,
                    RIGHT_PAREN,
                    LEFT_BRACE,
                    RIGHT_BRACE,
                    LEFT_BRACKET,
                    RIGHT_BRACKET,
                    COMMA,
                    COLON,
                    ASSIGN,
                    MATCH_REGEX,
                    MATCH_NOT_REGEX,
                    AT -> type.description();
        };
    }
}
