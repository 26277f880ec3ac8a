// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narthex.model.LabelMatcher;
import dev.narthex.model.MatchOp;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AlertMatchersTest {
    @Test
    void readsQuotedAndPlainValuesInAnyForm() {
        assertThat(AlertMatchers.parse(" { severity = \"critical\" , team=~db|web, \"na me\"!=x, a!~\"\\\\d+\" } "))
                .isEqualTo(List.of(
                        LabelMatcher.equal("severity", "critical"),
                        LabelMatcher.of(MatchOp.REGEX, "team", "db|web"),
                        LabelMatcher.of(MatchOp.NOT_EQUAL, "na me", "x"),
                        LabelMatcher.of(MatchOp.NOT_REGEX, "a", "\\d+")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "=b", "a=\"b", "{a=b", "a=b}", "a==b", "a=~\"[\"", "a=b c", "a=b,,c=d"})
    void refusesWhatIsNoMatcher(String text) {
        assertThatThrownBy(() -> AlertMatchers.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
