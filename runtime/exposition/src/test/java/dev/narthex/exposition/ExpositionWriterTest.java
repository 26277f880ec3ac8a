// SPDX-License-Identifier: Apache-2.0
package dev.narthex.exposition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.model.Labels;
import dev.narthex.model.MetricType;
import org.junit.jupiter.api.Test;

class ExpositionWriterTest {
    private final ExpositionWriter writer = new ExpositionWriter();

    @Test
    void writesFamiliesAndSamples() {
        writer.family("a_total", MetricType.COUNTER, "Line \\ one\nline \"two\".")
                .sample("a_total", 1)
                .sample("a_total", "code", "2\"0\\0\n", 1e6)
                .sample("a_total", Labels.of("x", "é", "y z", "1"), Double.POSITIVE_INFINITY)
                .family("b c", MetricType.GAUGE, "")
                .sample("b c", 0.1)
                .sample("b c", Labels.of("d", "e"), Double.NaN);
        assertThat(writer.toString()).isEqualTo("""
                        # HELP a_total Line \\\\ one\\nline "two".
                        # TYPE a_total counter
                        a_total 1
                        a_total{code="2\\"0\\\\0\\n"} 1e+06
                        a_total{x="é","y z"="1"} +Inf
                        # TYPE "b c" gauge
                        {"b c"} 0.1
                        {"b c",d="e"} NaN
                        """);
    }

    @Test
    void isReadBackAsWritten() {
        writer.family("x", MetricType.UNKNOWN, "h");
        for (int i = 0; i < 1000; i++) {
            writer.sample("x", Labels.of("i", Integer.toString(i), "a b", "\\\"\n" + i), i / 7.0);
        }
        byte[] body = writer.toByteArray();
        TextParser parser = new TextParser();
        SeriesDecoder decoder = new SeriesDecoder();
        parser.reset(body, 0, body.length);
        assertThat(parser.next()).isEqualTo(ExpositionEntry.HELP);
        assertThat(parser.next()).isEqualTo(ExpositionEntry.TYPE);
        for (int i = 0; i < 1000; i++) {
            assertThat(parser.next()).isEqualTo(ExpositionEntry.SERIES);
            decoder.decode(body, parser.seriesStart(), parser.seriesEnd(), parser.type());
            assertThat(decoder.value(1)).isEqualTo("\\\"\n" + i);
            assertThat(parser.value()).isEqualTo(i / 7.0);
        }
        assertThat(parser.next()).isEqualTo(ExpositionEntry.END);
        writer.clear();
        assertThat(writer.sizeBytes()).isZero();
    }
}
