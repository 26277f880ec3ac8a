// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.model.BucketSpan;
import dev.narthex.model.CounterResetHint;
import dev.narthex.model.FloatHistogram;
import dev.narthex.model.HistogramLayout;
import dev.narthex.model.Labels;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expected texts are those that a real Prometheus 3.5 answers. */
class JsonWriterTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final JsonWriter json = new JsonWriter(out);

    private String written() throws IOException {
        json.flush();
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void putsCommasBetweenMembersAndItems() throws IOException {
        json.beginObject()
                .member("a", 1)
                .name("b")
                .beginArray()
                .endArray()
                .name("c")
                .beginArray()
                .number(1)
                .beginObject()
                .endObject()
                .string("x")
                .endArray()
                .member("d", true)
                .name("e")
                .nullValue()
                .endObject();

        assertThat(written()).isEqualTo("{\"a\":1,\"b\":[],\"c\":[1,{},\"x\"],\"d\":true,\"e\":null}");
    }

    @Test
    void escapesLabelsAsPrometheusDoes() throws IOException {
        json.labels(Labels.of("x", "<&>é\u2028\u0001\"\\\n\t/\b😀"));

        assertThat(written()).isEqualTo("{\"x\":\"<&>é\u2028\\u0001\\\"\\\\\\n\\t/\\u0008😀\"}");
    }

    @Test
    void escapesOtherStringsForHtmlToo() throws IOException {
        json.string("<&>\u2028");

        assertThat(written()).isEqualTo("\"\\u003c\\u0026\\u003e\\u2028\"");
    }

    @Test
    void writesNativeHistogramsAsPrometheusDoes() throws IOException {
        HistogramLayout layout = HistogramLayout.exponential(
                0, 0.5, List.of(new BucketSpan(0, 2), new BucketSpan(1, 1)), List.of(new BucketSpan(1, 1)));
        json.beginArray()
                .point(
                        1_700_000_240_500L,
                        new FloatHistogram(
                                CounterResetHint.UNKNOWN, layout, 8.5, 2, -3, new double[] {1, 0, 2.5}, new double[] {3
                                }))
                .point(0, FloatHistogram.empty(0, 0, List.of()))
                .endArray();

        assertThat(written())
                .isEqualTo("[[1700000240.500,{\"count\":\"8.5\",\"sum\":\"-3\",\"buckets\":[[1,\"-2\",\"-1\",\"3\"],"
                        + "[3,\"-0.5\",\"0.5\",\"2\"],[0,\"0.5\",\"1\",\"1\"],[0,\"4\",\"8\",\"2.5\"]]}],"
                        + "[0,{\"count\":\"0\",\"sum\":\"0\"}]]");
    }

    @Test
    void replacesLoneSurrogates() throws IOException {
        json.string("a\ud800b");

        assertThat(written()).isEqualTo("\"a\ufffdb\"");
    }

    @ParameterizedTest
    @CsvSource({
        "1435781451781, '[1435781451.781,\"1\"]'",
        "1435781451020, '[1435781451.020,\"1\"]'",
        "1435781451000, '[1435781451,\"1\"]'",
        "-1500, '[-1.500,\"1\"]'",
        "0, '[0,\"1\"]'",
    })
    void writesTimesInSeconds(long timestampMs, String expected) throws IOException {
        json.point(timestampMs, 1);

        assertThat(written()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"1e21, 1e+21", "0.000001, 0.000001", "1e-7, 1e-07", "-Infinity, -Inf", "NaN, NaN", "0.1, 0.1"})
    void writesSampleValuesInQuotes(double value, String expected) throws IOException {
        json.point(0, value);

        assertThat(written()).isEqualTo("[0,\"" + expected + "\"]");
    }

    @ParameterizedTest
    @CsvSource({"0.000061, 0.000061", "1e-9, 1e-9", "1.5e-12, 1.5e-12", "0, 0", "300, 300"})
    void writesPlainNumbersAsGoDoes(double value, String expected) throws IOException {
        json.number(value);

        assertThat(written()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"0", "-1", "9223372036854775807", "-9223372036854775808"})
    void writesWholeNumbers(long value) throws IOException {
        json.number(value);

        assertThat(written()).isEqualTo(Long.toString(value));
    }

    @Test
    void writesMoreThanItsBufferHolds() throws IOException {
        String text = "é".repeat(30_000);
        json.strings(List.of(text, text));

        assertThat(written()).isEqualTo("[\"" + text + "\",\"" + text + "\"]");
    }
}
