// SPDX-License-Identifier: Apache-2.0
package dev.narthex.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnchoredRegexTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "(a{500}){3} {3}",
                "((a{1000}){1000}){1000} {1000}",
                "(a{2}b{400}){3} {3}",
                "((a{11}|b)*c){1,100} {1,100}",
                "(x[]{]a{40}){26} {26}",
                "(\\{a{501}\\}){2,} {2,}",
            })
    void refusesRepeatsWithinRepeatsThatAreTooMany(String regex, String repeat) {
        assertThatThrownBy(() -> LabelMatcher.of(MatchOp.REGEX, "a", regex))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("error parsing regexp: invalid repeat count: `" + repeat + "`");
    }

    @Test
    void leavesARepeatOfARepeatToTheCompiler() {
        assertThat(RegexFaults.find("x{1000}{1000}")).isNull();
        assertThat(RegexFaults.find("a{500}{{3}")).isNull();
        assertThat(RegexFaults.find("x{2}{y(a{1000}){2}")).isEqualTo("invalid repeat count: `{2}`");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\é", "a\\é(b{1000}){2}", "[\\é]", "[a\\é\\ü]", "(\\é"})
    void refusesEscapedLettersBeyondAscii(String regex) {
        assertThatThrownBy(() -> LabelMatcher.of(MatchOp.REGEX, "a", regex))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("error parsing regexp: invalid escape sequence: `\\é`");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(a{500}){2}",
                "a{1000}b{1000}",
                "a{600}(b{600})c{600}",
                "([{5}]{500}){2}",
                "(\\Qa{900}\\E){900}",
                "(\\p{Greek}\\x{41}){900}",
                "(a{500}|b){2}(c{500}){2}",
                "a{,5}{",
            })
    void takesWhatRe2Takes(String regex) {
        assertThat(RegexFaults.find(regex)).isNull();
        assertThat(LabelMatcher.of(MatchOp.REGEX, "a", regex).value()).isEqualTo(regex);
    }
}
