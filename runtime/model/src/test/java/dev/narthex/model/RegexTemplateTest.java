// SPDX-License-Identifier: Apache-2.0
package dev.narthex.model;

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
                "$01|${02},|",
                "$00,``",
                "${none},``",
                "$-1,$-1",
                "$99999999999,``",
            })
    void expandsGroups(String template, String expected) {
        Matcher match = Pattern.compile("(\\w+):(?P<name>\\w+)").matcher("ab:cd");
        assertThat(match.matches()).isTrue();
        assertThat(RegexTemplate.expand(template, match)).isEqualTo(expected);
    }

    /** As Prometheus 3.15 relabels. */
    @ParameterizedTest
    @CsvSource({
        "(?P<n>a)(?P<n>b), ab, a",
        "(?P<n>a)?(?P<n>b), b, b",
        "(?P<n>a)?(?P<n>b)?(?P<n>c), c, c",
        "(?P<n>a*)(?P<n>b), b, ''",
        "(?<n>a)|(?P<n>b), b, b",
        "(?P<n>a)?(?P<m>[(?P<m>]x)(?P<n>\\Q(?P<m>\\E), (x(?P<m>, (?P<m>",
        "(?P<n>a)?(?P<n>b)?, '', ''",
    })
    void takesTheFirstOfSeveralGroupsOfOneNameThatTookPart(String regex, String text, String expected) {
        Matcher match = AnchoredRegex.compile(regex).matcher(text);
        assertThat(match.matches()).isTrue();
        assertThat(RegexTemplate.expand("${n}", match)).isEqualTo(expected);
        assertThat(RegexTemplate.expand("${o}", match)).isEmpty();
    }
}
