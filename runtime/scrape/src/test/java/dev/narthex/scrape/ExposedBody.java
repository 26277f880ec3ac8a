// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import dev.narthex.exposition.ExpositionFormat;
import java.nio.charset.StandardCharsets;

/** An exposition as a target answers it. */
final class ExposedBody {
    final String contentType;
    final ExpositionFormat format;
    final byte[] bytes;

    private ExposedBody(String contentType, ExpositionFormat format, byte[] bytes) {
        this.contentType = contentType;
        this.format = format;
        this.bytes = bytes;
    }

    static ExposedBody text(byte[] bytes) {
        return new ExposedBody("text/plain; version=0.0.4", ExpositionFormat.TEXT, bytes);
    }

    /**
     * OpenMetrics.
     *
     * @param version as in the content type
     */
    static ExposedBody openMetrics(String version, byte[] bytes) {
        return new ExposedBody(
                "application/openmetrics-text; version=" + version + "; charset=utf-8",
                ExpositionFormat.OPEN_METRICS,
                bytes);
    }

    static ExposedBody message(byte[] bytes) {
        return new ExposedBody(
                "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited",
                ExpositionFormat.PROTOBUF,
                bytes);
    }

    /** The format and the bytes, as Latin-1. */
    @Override
    public String toString() {
        return format + " " + new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
