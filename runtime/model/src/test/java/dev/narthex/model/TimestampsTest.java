// SPDX-License-Identifier: Apache-2.0
package dev.narthex.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Expectations are answers of a Prometheus 3.5.3. */
class TimestampsTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            1435781451.781                | 1435781451781 | 1435781451.781
            1435781451.78                 | 1435781451780 | 1435781451.780
            1435781451                    | 1435781451000 | 1435781451
            1435781451.7815               | 1435781451782 | 1435781451.782
            -1.05                         | -1050         | -1.050
            -0.001                        | -1            | -0.001
            0x10p0                        | 16000         | 16
            1_0                           | 10000         | 10
            0                             | 0             | 0
            2015-07-01T20:10:51.781+02:00 | 1435774251781 | 1435774251.781
            2015-07-01T20:10:51Z          | 1435781451000 | 1435781451
            2015-07-01T20:10:51.5Z        | 1435781451500 | 1435781451.500
            2015-07-01T20:10:51,5Z        | 1435781451500 | 1435781451.500
            2015-07-01T20:10:51.7819999Z  | 1435781451781 | 1435781451.781
            2015-07-01T20:10:51-05:30     | 1435801251000 | 1435801251
            1969-12-31T23:59:59.999Z      | -1            | -0.001
            """)
    void readsAndWritesAsPrometheus(String text, long timestampMs, String written) {
        assertThat(Timestamps.parse(text)).isEqualTo(timestampMs);
        assertThat(Timestamps.format(timestampMs)).isEqualTo(written);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "abc",
                "1e400",
                "NaN",
                "Inf",
                "1e30",
                "2015-07-01T20:10:51",
                "2015-07-01t20:10:51z",
                "2015-02-30T20:10:51Z",
                "2015-07-01 20:10:51Z",
                "2015-07-01T20:10:51.Z5",
                "2015-07-01T20:10:51+0200",
                "2015-07-01T20:10:51Zx",
                "2015-07-01T20:10",
                "2015-07-01T20:10:51+25:00"
            })
    void refusesWithTheWordsOfPrometheus(String text) {
        assertThatThrownBy(() -> Timestamps.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("cannot parse \"" + text + "\" to a valid timestamp");
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, Long.MAX_VALUE, Timestamps.MIN_MS, Timestamps.MAX_MS})
    void writesTheExtremes(long timestampMs) {
        String text = Timestamps.format(timestampMs);
        assertThat(text.length()).isLessThanOrEqualTo(Timestamps.MAX_LENGTH);
        assertThat(new BigDecimal(text).movePointRight(3).longValueExact()).isEqualTo(timestampMs);
    }

    @ParameterizedTest
    @CsvSource({
        "-292273086-05-16T16:47:06Z, -9223309901257974000",
        "292277025-08-18T07:12:54.999999999Z, 9223309901257974999",
    })
    void readsTheEndsOfTimeOfPrometheus(String text, long timestampMs) {
        assertThat(Timestamps.parse(text)).isEqualTo(timestampMs);
    }

    @ParameterizedTest
    @CsvSource({"1, 1000", "1.5, 1500", "5m, 300000", "1h30m, 5400000", "0, 0", "0.0005, 0", "9223372036, 9223372036000"
    })
    void readsDurations(String text, long durationMs) {
        assertThat(Timestamps.parseDuration(text)).isEqualTo(durationMs);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''         | cannot parse "" to a valid duration
            1h30       | cannot parse "1h30" to a valid duration
            300y       | cannot parse "300y" to a valid duration
            9223372037 | cannot parse "9223372037" to a valid duration. It overflows int64
            """)
    void refusesDurationsWithTheWordsOfPrometheus(String text, String message) {
        assertThatThrownBy(() -> Timestamps.parseDuration(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}
