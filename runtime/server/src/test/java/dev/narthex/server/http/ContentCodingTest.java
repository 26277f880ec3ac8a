// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContentCodingTest {
    @ParameterizedTest
    @CsvSource({
        "gzip, GZIP",
        "'deflate, gzip, br', GZIP",
        "deflate, DEFLATE",
        "'gzip;q=0, deflate', DEFLATE",
        "'GZIP;q=0.5', GZIP",
        "'gzip;q=0.000', IDENTITY",
        "br, IDENTITY",
        "identity, IDENTITY",
    })
    void takesWhatTheClientAccepts(String header, ContentCoding expected) {
        assertThat(ContentCoding.accepted(header)).isEqualTo(expected);
    }

    @Test
    void compressesNothingUnasked() {
        assertThat(ContentCoding.accepted(null)).isEqualTo(ContentCoding.IDENTITY);
    }
}
