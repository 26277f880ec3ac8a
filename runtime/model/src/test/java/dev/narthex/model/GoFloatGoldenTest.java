// SPDX-License-Identifier: Apache-2.0
package dev.narthex.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * Reads and prints the numbers that a real Prometheus has read and printed. The corpus is made by the testkit's
 * {@code FloatCorpusIT}: literal, text format, JSON of a vector, JSON of a scalar or {@code -}.
 */
class GoFloatGoldenTest {
    @Test
    void readsAndPrintsAsPrometheus() throws IOException {
        List<String> lines = corpus();
        assertThat(lines.size()).isGreaterThan(3000);
        for (String line : lines) {
            String[] texts = line.split("\t", -1);
            double value = GoFloat.parseExposition(texts[0]);
            assertThat(exposition(value)).as(line).isEqualTo(texts[1]);
            assertThat(GoFloat.json(value)).as(line).isEqualTo(texts[2]);
            if (!texts[3].equals("-")) {
                assertThat(GoFloat.fixed(value)).as(line).isEqualTo(texts[3]);
            }
            assertThat(Double.doubleToLongBits(GoFloat.parse(texts[2])))
                    .as(line)
                    .isEqualTo(Double.doubleToLongBits(value));
        }
    }

    private static String exposition(double value) {
        byte[] text = new byte[GoFloat.MAX_SHORT_LENGTH];
        return new String(text, 0, GoFloat.writeExposition(value, text, 0), StandardCharsets.US_ASCII);
    }

    private static List<String> corpus() throws IOException {
        String resource = "/golden/floats/corpus.tsv";
        try (InputStream in = Objects.requireNonNull(GoFloatGoldenTest.class.getResourceAsStream(resource))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }
}
