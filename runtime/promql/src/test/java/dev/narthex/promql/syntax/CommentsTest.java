// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.syntax;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where comments may stand, as promtool 3.15 says. */
class CommentsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "rate(a[5m # x\n])",
                "rate(a[5m] # x\n)",
                "a offset # x\n 5m",
                "a offset 5m # x\n",
                "rate(a[5m: # x\n1m])",
                "a offset (5m # x\n)",
                "a offset -# x\n5m",
            })
    void standBetweenTokens(String query) {
        assertThat(PromqlParser.parse(query)).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rate(a[ # x\n5m])", "rate(a[#\n5m])", "rate(a[max_of(step(), # x\n2m)])"})
    void doNotStandBeforeTheFirstNumberOrDurationOfARange(String query) {
        assertThatExceptionOfType(PromqlParseException.class)
                .isThrownBy(() -> PromqlParser.parse(query))
                .withMessageContaining("unexpected character in duration expression: '#'");
    }
}
