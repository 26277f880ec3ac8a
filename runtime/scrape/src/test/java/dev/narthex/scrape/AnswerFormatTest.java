// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narthex.config.ScrapeProtocol;
import dev.narthex.exposition.ExpositionFormat;
import org.junit.jupiter.api.Test;

class AnswerFormatTest {
    private final AnswerFormat format = new AnswerFormat();

    @Test
    void goesByWhatEachAnswerSays() {
        for (int i = 0; i < 2; i++) {
            assertThat(format.of("text/plain; version=0.0.4", null)).isEqualTo(ExpositionFormat.TEXT);
            assertThat(format.of("text/plain; version=0.0.4", null)).isEqualTo(ExpositionFormat.TEXT);
            assertThat(format.of("application/openmetrics-text", null)).isEqualTo(ExpositionFormat.OPEN_METRICS);
        }
    }

    @Test
    void goesByTheFallbackOfTheMoment() {
        assertThat(format.of("", ScrapeProtocol.OPEN_METRICS_TEXT_1_0_0)).isEqualTo(ExpositionFormat.OPEN_METRICS);
        assertThat(format.of("", ScrapeProtocol.PROMETHEUS_PROTO)).isEqualTo(ExpositionFormat.PROTOBUF);
        assertThatThrownBy(() -> format.of("", null)).isInstanceOf(ScrapeException.class);
    }

    @Test
    void refusesWhatCannotBeReadEachTime() {
        assertThat(format.of("text/plain", null)).isEqualTo(ExpositionFormat.TEXT);
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> format.of("text/html", null))
                    .isInstanceOf(ScrapeException.class)
                    .hasMessageContaining("text/html");
        }
        assertThat(format.of("text/plain", null)).isEqualTo(ExpositionFormat.TEXT);
    }
}
