// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegexTemplateTest {
    /** From the documentation of Go's package regexp, and its corners. */
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "$1,ab",
                "$1-$2,ab-cd",
                "${1}x,abx",
                "$1x,``",
                "$0,ab:cd",
                "$$1,$1",
                "$,$",
                "a$,a$",
                "${1,${1",
                "$name,cd",
                "${name}!,cd!",
                "$9,``",
                "${none},``",
                "$-1,$-1",
                "$99999999999,``",
            })
    void expandsGroups(String template, String expected) {
        Matcher match = Pattern.compile("(\\w+):(?P<name>\\w+)").matcher("ab:cd");
        assertThat(match.matches()).isTrue();
        assertThat(RegexTemplate.expand(template, match)).isEqualTo(expected);
    }
}
