// SPDX-License-Identifier: Apache-2.0
package dev.narthex.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuotedStringTest {
    /** What Go's {@code strconv.Quote} gives. */
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '|',
            value = {
                "a b,|\"a b\"|",
                "|a\"b|,|\"a\\\"b\"|",
                "a\\b,|\"a\\\\b\"|",
                "|a\nb|,|\"a\\nb\"|",
                "é😀,|\"é😀\"|",
                "|\u0001\u007f|,|\"\\x01\\x7f\"|",
                "|\u00a0\u200b|,|\"\\u00a0\\u200b\"|",
                "|\udcff\udc80|,|\"\\xff\\x80\"|",
            })
    void quotesAsGoDoes(String text, String quoted) {
        assertThat(QuotedString.of(text)).isEqualTo(quoted);
    }
}
