// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RelabelPatternTest {
    @Test
    void aListOfMetricsToKeepMayBeAsLongAsItIs() {
        String many = IntStream.range(0, 50_000).mapToObj(i -> "metric_" + i).collect(Collectors.joining("|"));
        for (String regex : new String[] {many, "(" + many + ")", "(?:" + many + ")"}) {
            RelabelPattern pattern = RelabelPattern.of(regex);
            assertThat(pattern.matches("metric_49999")).isTrue();
            assertThat(pattern.matches("metric_50000")).isFalse();
            assertThat(pattern.regex()).isEqualTo(regex);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "a|b, b, $0-$1-${x}, b--",
        "(a|b), b, $0-$1-$2, b-b-",
        "(?:a|b), b, $0-$1, b-",
        "(?P<x>a|b), b, $1-$x, b-b",
        "(a|b)(c|d), bd, $1-$2, b-d",
        "(a)|(b), b, $1-$2, -b",
        "a\\.b|c\\||d, a.b, <$0>, <a.b>",
        "a\\.b|c\\||d, c|, <$0>, <c|>",
        "a|b, b, plain, plain",
        "a|b, c, $0, ",
        "(a|b), c, plain, ",
    })
    void aChoiceOfTextsHasItsGroups(String regex, String text, String template, String expanded) {
        assertThat(RelabelPattern.of(regex).expand(text, template)).isEqualTo(expanded);
        assertThat(RelabelPattern.of(regex).matches(text)).isEqualTo(expanded != null);
    }
}
