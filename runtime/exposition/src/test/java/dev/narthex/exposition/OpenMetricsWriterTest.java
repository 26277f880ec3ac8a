// SPDX-License-Identifier: Apache-2.0
package dev.narthex.exposition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narthex.model.Labels;
import dev.narthex.model.MetricType;
import org.junit.jupiter.api.Test;

class OpenMetricsWriterTest {
    @Test
    void writesWhatItsParserReads() {
        ExpositionWriter writer = new ExpositionWriter(ExpositionFormat.OPEN_METRICS, EscapingScheme.ALLOW_UTF_8);
        writer.family("a_total", MetricType.COUNTER, "x \"y\"\n\\").sample("a_total", 1);
        writer.family("b", MetricType.COUNTER, "").sample("b", "l", "v", 2);
        writer.family("c.d", MetricType.UNKNOWN, "").sample("c.d", Labels.of("e.f", "\""), 1e22);
        writer.family("g", MetricType.GAUGE_HISTOGRAM, "").sample("g_bucket", "le", "+Inf", 3);
        byte[] page = writer.end().toByteArray();

        assertThat(writer).hasToString("""
                # HELP a x \\"y\\"\\n\\\\
                # TYPE a counter
                a_total 1
                # TYPE b counter
                b_total{l="v"} 2
                # TYPE "c.d" unknown
                {"c.d","e.f"="\\""} 1e+22
                # TYPE g gaugehistogram
                g_bucket{le="+Inf"} 3
                # EOF
                """);
        OpenMetricsParser parser = new OpenMetricsParser();
        parser.reset(page, 0, page.length);
        int samples = 0;
        for (ExpositionEntry entry = parser.next(); entry != ExpositionEntry.END; entry = parser.next()) {
            samples += entry == ExpositionEntry.SERIES ? 1 : 0;
        }
        assertThat(samples).isEqualTo(4);
    }

    @Test
    void writesNoMessages() {
        assertThatThrownBy(() -> new ExpositionWriter(ExpositionFormat.PROTOBUF, EscapingScheme.DOTS))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void takesTheFirstSchemeThatIsKnown() {
        assertThat(EscapingScheme.ofAccept("a/b;escaping=else,c/d;Escaping=Values;q=1"))
                .contains(EscapingScheme.VALUES);
        assertThat(EscapingScheme.ofAccept("text/plain")).isEmpty();
        assertThat(EscapingScheme.UNDERSCORES.metricName("1a:b c")).isEqualTo("_a:b_c");
        assertThat(EscapingScheme.VALUES.labelName("a")).isEqualTo("a");
    }
}
