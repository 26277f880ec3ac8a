// SPDX-License-Identifier: Apache-2.0
package dev.narthex.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PromDurationTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0, 0s",
        "0s, 0, 0s",
        "5ms, 5, 5ms",
        "01s, 1000, 1s",
        "90m, 5400000, 1h30m",
        "1h30m, 5400000, 1h30m",
        "7d, 604800000, 1w",
        "8d, 691200000, 8d",
        "365d, 31536000000, 1y",
        "366d, 31622400000, 366d",
        "104w, 62899200000, 104w",
        "1y1w1d1h1m1s1ms, 32230861001, 373d1h1m1s1ms",
        "292y, 9208512000000, 292y",
    })
    void readsAndWritesAsPrometheus(String text, long durationMs, String written) {
        assertThat(PromDuration.parse(text)).isEqualTo(durationMs);
        assertThat(PromDuration.format(durationMs)).isEqualTo(written);
        assertThat(PromDuration.parse(written)).isEqualTo(durationMs);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            '',     empty duration string
            1,      not a valid duration string: "1"
            1h1h,   not a valid duration string: "1h1h"
            1m1h,   not a valid duration string: "1m1h"
            1ms1s,  not a valid duration string: "1ms1s"
            1d2,    not a valid duration string: "1d2"
            -1h,    not a valid duration string: "-1h"
            1.5h,   not a valid duration string: "1.5h"
            ' 1s',  not a valid duration string: " 1s"
            1S,     not a valid duration string: "1S"
            x,      not a valid duration string: "x"
            s,      not a valid duration string: "s"
            293y,   duration out of range
            99999999999999999999y, duration out of range
            """)
    void refusesWithTheWordsOfPrometheus(String text, String message) {
        assertThatThrownBy(() -> PromDuration.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void readsAndWritesNegativeWhereAllowed() {
        assertThat(PromDuration.parseAllowNegative("-1h30m")).isEqualTo(-5_400_000);
        assertThat(PromDuration.parseAllowNegative("5m")).isEqualTo(300_000);
        assertThat(PromDuration.format(-5_400_000)).isEqualTo("-1h30m");
    }
}
