// SPDX-License-Identifier: Apache-2.0
package dev.narthex.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MediaTypeTest {
    @Test
    void readsNameAndParameters() {
        assertThat(MediaType.parse(" TEXT/Plain ; Version=0.0.4;charset = \"ut\\\"f\" ; "))
                .isEqualTo(new MediaType("text/plain", Map.of("version", "0.0.4", "charset", "ut\"f")));
        assertThat(MediaType.parse("text;a=1;a=1")).isEqualTo(new MediaType("text", Map.of("a", "1")));
        assertThat(MediaType.parse("text/plain;a=\"\"")).isEqualTo(new MediaType("text/plain", Map.of("a", "")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|mime: no media type",
                ";a=1|mime: no media type",
                "text plain|mime: expected slash after first token",
                "text/|mime: expected token after slash",
                "text/plain x|mime: unexpected content after media subtype",
                "text/plain, text/html|mime: unexpected content after media subtype",
                "text/plain; a|mime: invalid media parameter",
                "text/plain; =a|mime: invalid media parameter",
                "text/plain; a=|mime: invalid media parameter",
                "text/plain; a=\"b|mime: invalid media parameter",
                "text/plain; a=b, c|mime: invalid media parameter",
                "text/plain;;a=b|mime: invalid media parameter",
                "text/plain; a=b; a=c|mime: duplicate parameter name",
            })
    void refusesWhatIsNone(String field, String problem) {
        assertThatExceptionOfType(MediaType.Malformed.class)
                .isThrownBy(() -> MediaType.parse(field))
                .withMessage(problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text/plain | text/plain",
                "' Text/PLAIN ; charset=utf-8; a=\"b;\\\"c\"' | text/plain",
                "text/plain; | text/plain",
                "text | text",
            })
    void tellsTheType(String field, String name) {
        assertThat(MediaType.parse(field).name()).isEqualTo(name);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "; | '' | mime: no media type",
                "/ | '' | mime: no media type",
                "text plain | '' | mime: expected slash after first token",
                "text/ | '' | mime: expected token after slash",
                "'text/plain, a/b' | '' | mime: unexpected content after media subtype",
                "text/plain;; | text/plain | mime: invalid media parameter",
                "text/plain;charset | text/plain | mime: invalid media parameter",
                "text/plain;charset= | text/plain | mime: invalid media parameter",
                "text/plain;a=b c | text/plain | mime: invalid media parameter",
                "text/plain;a=b;A=c | text/plain | mime: duplicate parameter name",
            })
    void tellsTheTypeOfWhatIsNoneWhereItCan(String field, String name, String problem) {
        assertThatExceptionOfType(MediaType.Malformed.class)
                .isThrownBy(() -> MediaType.parse(field))
                .withMessage(problem)
                .satisfies(e -> assertThat(e.name()).isEqualTo(name));
    }
}
