// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContentCodingTest {
    @ParameterizedTest
    @CsvSource({
        "gzip, BY_NAME, GZIP",
        "'br, gzip , deflate', BY_NAME, GZIP",
        "'deflate, gzip', BY_NAME, DEFLATE",
        "'gzip;q=1, deflate', BY_NAME, DEFLATE",
        "GZIP, BY_NAME, IDENTITY",
        "*, BY_NAME, IDENTITY",
        "'deflate, gzip', BY_WEIGHT, GZIP",
        "'zstd, gzip;q=0.1', BY_WEIGHT, GZIP",
        "'gzip;q=0.000', BY_WEIGHT, IDENTITY",
        "'gzip;', BY_WEIGHT, IDENTITY",
        "deflate, BY_WEIGHT, IDENTITY",
        "gzip, NONE, IDENTITY",
    })
    void takesWhatTheClientAcceptsAsTheRouteDoes(String header, Compression compression, ContentCoding expected) {
        assertThat(ContentCoding.accepted(header, compression)).isEqualTo(expected);
    }

    @Test
    void compressesNothingUnasked() {
        for (Compression compression : Compression.values()) {
            assertThat(ContentCoding.accepted(null, compression)).isEqualTo(ContentCoding.IDENTITY);
        }
    }
}
