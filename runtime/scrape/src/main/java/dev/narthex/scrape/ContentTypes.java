// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import dev.narthex.config.ScrapeProtocol;
import dev.narthex.exposition.ExpositionFormat;
import dev.narthex.http.MediaType;
import dev.narthex.model.QuotedString;
import org.jspecify.annotations.Nullable;

/** Which answers are expositions that can be read, told by their Content-Type. */
final class ContentTypes {
    private static final String OPEN_METRICS = "application/openmetrics-text";

    private ContentTypes() {}

    /** The format of a protocol that a configuration names; null for null. */
    static @Nullable ExpositionFormat format(@Nullable ScrapeProtocol protocol) {
        return switch (protocol) {
            case null -> null;
            case PROMETHEUS_PROTO -> ExpositionFormat.PROTOBUF;
            case PROMETHEUS_TEXT_0_0_4, PROMETHEUS_TEXT_1_0_0 -> ExpositionFormat.TEXT;
            case OPEN_METRICS_TEXT_0_0_1, OPEN_METRICS_TEXT_1_0_0, OPEN_METRICS_TEXT_2_0_0 ->
                ExpositionFormat.OPEN_METRICS;
        };
    }

    /**
     * The format that an answer says it is in.
     *
     * @param contentType its header field of that name, perhaps empty
     * @param fallback the format where the answer names none that is known; null where it is then not to be read
     * @throws ScrapeException when the answer cannot be read
     */
    static ExpositionFormat format(String contentType, @Nullable ExpositionFormat fallback) {
        if (contentType.isEmpty() && fallback == null) {
            throw new ScrapeException("non-compliant scrape target sending blank Content-Type and no"
                    + " fallback_scrape_protocol specified for target");
        }
        MediaType mediaType;
        try {
            mediaType = MediaType.parse(contentType);
        } catch (MediaType.Malformed e) {
            if (fallback != null) {
                return fallback;
            }
            throw new ScrapeException("cannot parse Content-Type " + QuotedString.of(contentType)
                    + " and no fallback_scrape_protocol for target\n" + e.getMessage());
        }
        if (mediaType.name().equals(OPEN_METRICS)
                && mediaType.parameters().getOrDefault("version", "").equals("2.0.0")) {
            if (fallback != null) {
                return fallback;
            }
            throw new ScrapeException("received OpenMetrics 2.0 Content-Type " + QuotedString.of(contentType)
                    + ", but the openmetrics2 feature flag is not enabled and no fallback_scrape_protocol specified for"
                    + " target");
        }
        ExpositionFormat named = switch (mediaType.name()) {
            case "text/plain" -> ExpositionFormat.TEXT;
            case OPEN_METRICS -> ExpositionFormat.OPEN_METRICS;
            case "application/vnd.google.protobuf" -> ExpositionFormat.PROTOBUF;
            default -> fallback;
        };
        if (named == null) {
            throw new ScrapeException("received unsupported Content-Type " + QuotedString.of(contentType)
                    + " and no fallback_scrape_protocol specified for target; accepted are text/plain,"
                    + " application/openmetrics-text and application/vnd.google.protobuf");
        }
        return named;
    }
}
