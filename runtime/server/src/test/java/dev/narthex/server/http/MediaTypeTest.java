// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MediaTypeTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text/plain | text/plain | ''",
                "' Text/PLAIN ; charset=utf-8; a=\"b;\\\"c\"' | text/plain | ''",
                "text/plain; | text/plain | ''",
                "text | text | ''",
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
    void saysWhatGoSays(String field, String name, String problem) {
        assertThat(MediaType.of(field)).isEqualTo(new MediaType(name, problem));
    }
}
