// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.match;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.model.LabelMatcher;
import dev.narthex.model.MatchOp;
import dev.narthex.testkit.random.Seed;
import dev.narthex.tsdb.match.RegexShape.Anything;
import dev.narthex.tsdb.match.RegexShape.Contains;
import dev.narthex.tsdb.match.RegexShape.General;
import dev.narthex.tsdb.match.RegexShape.Literals;
import dev.narthex.tsdb.match.RegexShape.Prefix;
import dev.narthex.tsdb.match.RegexShape.Suffix;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RegexShapeTest {
    static Stream<Arguments> shapes() {
        return Stream.of(
                Arguments.of("", new Literals(List.of(""))),
                Arguments.of("shop", new Literals(List.of("shop"))),
                Arguments.of("shop|cart|", new Literals(List.of("shop", "cart", ""))),
                Arguments.of("10\\.0\\.0\\.1:9100", new Literals(List.of("10.0.0.1:9100"))),
                Arguments.of(".*", new Anything(true)),
                Arguments.of(".+", new Anything(false)),
                Arguments.of("shop-.*", new Prefix("shop-", false)),
                Arguments.of("shop-.+", new Prefix("shop-", true)),
                Arguments.of(".*-db", new Suffix("-db", false)),
                Arguments.of(".+-db", new Suffix("-db", true)),
                Arguments.of(".*shop.*", new Contains("shop")),
                Arguments.of(".+shop.*", new General("")),
                Arguments.of("5..", new General("5")),
                Arguments.of("shop-[0-9]+", new General("shop-")),
                Arguments.of("ab?c", new General("a")),
                Arguments.of("ab*", new General("a")),
                Arguments.of("a|b.*", new General("")),
                Arguments.of("(a|b)", new General("")),
                Arguments.of("a\\.*", new General("a")),
                Arguments.of("\\d+", new General("")),
                Arguments.of("(?i)shop", new General("")),
                Arguments.of("\\Qa.b\\E", new General("")));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void seesTheShape(String regex, RegexShape expected) {
        assertThat(RegexShape.of(regex)).isEqualTo(expected);
    }

    @Test
    void neverDisagreesWithTheExpressionItself() {
        Random random = Seed.of(RegexShapeTest.class).random();
        String[] parts = {"a", "b", "ab", ".", ".*", ".+", "|", "\\.", "?", "*", "x", "é", "[ab]", "(a|b)", "-"};
        String[] texts = {"a", "b", "ab", ".", "x", "é", "-", "\n"};
        for (int run = 0; run < 3000; run++) {
            StringBuilder regex = new StringBuilder();
            for (int i = random.nextInt(5); i >= 0; i--) {
                regex.append(parts[random.nextInt(parts.length)]);
            }
            LabelMatcher matcher;
            try {
                matcher = LabelMatcher.of(MatchOp.REGEX, "l", regex.toString());
            } catch (IllegalArgumentException e) {
                continue;
            }
            RegexShape shape = RegexShape.of(regex.toString());
            for (int v = 0; v < 20; v++) {
                StringBuilder value = new StringBuilder();
                for (int i = random.nextInt(4); i >= 0; i--) {
                    value.append(texts[random.nextInt(texts.length)]);
                }
                boolean expected = matcher.matches(value.toString());
                assertThat(agrees(shape, value.toString(), expected))
                        .as("%s on '%s' is %s, seen as %s", regex, value, expected, shape)
                        .isTrue();
            }
        }
    }

    private static boolean agrees(RegexShape shape, String value, boolean expected) {
        return switch (shape) {
            case Literals(var values) -> values.contains(value) == expected;
            case Anything _ -> expected;
            case Prefix(var text, var more) ->
                (value.startsWith(text) && (!more || value.length() > text.length())) == expected;
            case Suffix(var text, var more) ->
                (value.endsWith(text) && (!more || value.length() > text.length())) == expected;
            case Contains(var text) -> value.contains(text) == expected;
            case General(var prefix) -> !expected || value.startsWith(prefix);
        };
    }
}
