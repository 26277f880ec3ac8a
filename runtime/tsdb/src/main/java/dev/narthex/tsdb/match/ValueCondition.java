// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.match;

import dev.narthex.model.LabelMatcher;
import dev.narthex.model.MatchOp;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A matcher with what its regular expression amounts to, so that few values are put to the expression itself.
 *
 * @param matcher the matcher
 * @param shape what its expression amounts to, null where it has none
 */
public record ValueCondition(LabelMatcher matcher, @Nullable RegexShape shape) {
    public static ValueCondition of(LabelMatcher matcher) {
        return new ValueCondition(matcher, matcher.op().isRegex() ? RegexShape.of(matcher.value()) : null);
    }

    /** The only values that can meet the matcher, null where they cannot be listed. */
    public @Nullable List<String> literals() {
        if (matcher.op() == MatchOp.EQUAL) {
            return List.of(matcher.value());
        }
        return matcher.op() == MatchOp.REGEX && shape instanceof RegexShape.Literals(var values) ? values : null;
    }

    /** Whether every series meets the matcher, with the label or without. */
    public boolean isAlways() {
        return matcher.op() == MatchOp.REGEX && shape instanceof RegexShape.Anything(boolean emptyToo) && emptyToo;
    }

    /** Whether a value that is not empty meets the matcher. */
    public boolean matches(String value) {
        boolean negative = matcher.op().isNegative();
        return switch (shape) {
            case null -> matcher.matches(value);
            case RegexShape.Literals(var values) -> values.contains(value) != negative;
            case RegexShape.Anything _ -> !negative;
            case RegexShape.Prefix(var text, var more) ->
                (value.startsWith(text) && (!more || value.length() > text.length())) != negative;
            case RegexShape.Suffix(var text, var more) ->
                (value.endsWith(text) && (!more || value.length() > text.length())) != negative;
            case RegexShape.Contains(var text) -> value.contains(text) != negative;
            case RegexShape.General(var prefix) -> value.startsWith(prefix) ? matcher.matches(value) : negative;
        };
    }
}
