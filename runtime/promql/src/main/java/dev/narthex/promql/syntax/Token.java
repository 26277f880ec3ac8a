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
 *     {@link Keyword}, for the words for infinity and NaN their value in a {@link Double}, otherwise null
 */
record Token(TokenType type, String text, @Nullable Object value, PositionRange position) {
    private static final int EXCERPT = 10;

    boolean is(TokenType other) {
        return type == other;
    }

    boolean is(BinaryOp op) {
        return value == op;
    }

    boolean is(Keyword keyword) {
        return value == keyword;
    }

    /** Whether a number may have it in front. */
    boolean isSign() {
        return value == BinaryOp.ADD || value == BinaryOp.SUBTRACT;
    }

    /** Whether a metric may have this name without quotes. */
    boolean isMetricName() {
        return switch (type) {
            case METRIC_IDENTIFIER, IDENTIFIER, AGGREGATION -> true;
            case KEYWORD -> value instanceof Keyword keyword && keyword.isMetricName();
            case OPERATOR -> value instanceof BinaryOp op && op.isSet();
            default -> false;
        };
    }

    /**
     * The value of a number or duration.
     *
     * @throws NumberSyntax.BadNumberException when it has none, such as a duration of unknown units
     */
    double number() {
        if (value instanceof Double number) {
            return number;
        }
        if (type == TokenType.NUMBER) {
            return NumberSyntax.number(text);
        }
        if (type == TokenType.DURATION) {
            return NumberSyntax.durationSeconds(text);
        }
        throw new IllegalStateException("token " + this + " has no number");
    }

    /** The token as messages name it. */
    String description(String query) {
        return switch (type) {
            case IDENTIFIER, METRIC_IDENTIFIER -> type.description() + " " + QuotedString.of(text);
            case NUMBER, DURATION, STRING ->
                type.description() + " " + excerpt(query.substring(position.start(), position.end()));
            case AGGREGATION, OPERATOR -> "<" + type.description() + ":" + text.toLowerCase(Locale.ROOT) + ">";
            case KEYWORD -> value instanceof Keyword keyword ? keyword.description() : text;
            default -> type.description();
        };
    }

    /** What is long is named by its start. */
    private static String excerpt(String written) {
        int length = written.codePointCount(0, written.length());
        return length <= EXCERPT
                ? QuotedString.of(written)
                : QuotedString.of(written.substring(0, written.offsetByCodePoints(0, EXCERPT))) + "...";
    }
}
