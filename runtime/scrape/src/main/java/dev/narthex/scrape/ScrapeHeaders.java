// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import dev.narthex.config.ScrapeConfig;
import dev.narthex.config.ScrapeProtocol;
import dev.narthex.model.GoFloat;
import java.time.Duration;
import java.util.Map;

/** The header fields of a scrape (Prometheus documentation, "Scrape protocol content negotiation"). */
final class ScrapeHeaders {
    /** The weight of the best protocol in tenths: one more than there are protocols in Prometheus 3.15. */
    private static final int BEST_TENTHS = 7;

    private static final double NANOS_PER_SECOND = 1e9;

    private ScrapeHeaders() {}

    static Map<String, String> of(ScrapeConfig config, Duration timeout, String version) {
        return Map.of(
                "Accept",
                accept(config),
                "Accept-Encoding",
                config.enableCompression() ? "gzip" : "identity",
                "User-Agent",
                "narthex/" + version,
                "X-Prometheus-Scrape-Timeout-Seconds",
                GoFloat.fixed(timeout.toNanos() / NANOS_PER_SECOND));
    }

    /** What is asked for, in the order of the configuration, with weights that fall from protocol to protocol. */
    static String accept(ScrapeConfig config) {
        StringBuilder accept = new StringBuilder();
        int tenths = Math.max(BEST_TENTHS, config.scrapeProtocols().size() + 1);
        for (ScrapeProtocol protocol : config.scrapeProtocols()) {
            accept.append(mediaType(protocol));
            if (namesEscaping(protocol)) {
                accept.append(";escaping=").append(config.nameEscapingScheme().text());
            }
            accept.append(";q=0.").append(tenths--).append(',');
        }
        return accept.append("*/*;q=0.").append(tenths).toString();
    }

    private static boolean namesEscaping(ScrapeProtocol protocol) {
        return switch (protocol) {
            case OPEN_METRICS_TEXT_1_0_0, OPEN_METRICS_TEXT_2_0_0, PROMETHEUS_TEXT_1_0_0 -> true;
            case OPEN_METRICS_TEXT_0_0_1, PROMETHEUS_PROTO, PROMETHEUS_TEXT_0_0_4 -> false;
        };
    }

    private static String mediaType(ScrapeProtocol protocol) {
        return switch (protocol) {
            case PROMETHEUS_PROTO ->
                "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited";
            case OPEN_METRICS_TEXT_0_0_1 -> "application/openmetrics-text;version=0.0.1";
            case OPEN_METRICS_TEXT_1_0_0 -> "application/openmetrics-text;version=1.0.0";
            case OPEN_METRICS_TEXT_2_0_0 -> "application/openmetrics-text;version=2.0.0";
            case PROMETHEUS_TEXT_0_0_4 -> "text/plain;version=0.0.4";
            case PROMETHEUS_TEXT_1_0_0 -> "text/plain;version=1.0.0";
        };
    }
}
