// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.alertmanager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonReaderTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[1,-0.5e+3,true,null,{}] | [1,-5E+2,true,null,{}]",
                "{\"a\":1} x | {\"a\":1}",
                "{\"a\":1,\"a\":2} | {\"a\":2}",
                "{\"a\":{\"b\":1},\"a\":{\"c\":2}} | {\"a\":{\"b\":1,\"c\":2}}",
                "\"\\u00e9\\n\\/\" | \"é\\n/\"",
                "\"\\ud83d\\ude00\\ud83d\" | \"😀\ufffd\"",
                "\"\\ud83d\\u0041\\ude00\" | \"\ufffdA\ufffd\""
            })
    void readsTheFirstValue(String text, String expected) {
        assertThat(Json.encode(JsonReader.first(text))).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "x",
                "[1,]",
                "{\"a\"}",
                "{a:1}",
                "[1 2]",
                "\"a",
                "\"\t\"",
                "\"\\x\"",
                "\"\\u12\"",
                "/**/1",
                "-",
                "1.",
                "1e",
                "tru"
            })
    void refusesWhatIsNone(String text) {
        assertThatExceptionOfType(DecodeException.class)
                .isThrownBy(() -> JsonReader.first(text))
                .withMessageContaining("at offset");
    }

    @Test
    void refusesWhatIsTooDeep() {
        assertThatExceptionOfType(DecodeException.class).isThrownBy(() -> JsonReader.first("[".repeat(100_000)));
    }
}
