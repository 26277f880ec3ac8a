// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config;

import java.util.List;

/** A form of exposition that a target may be asked for, by its name in a configuration file. */
public enum ScrapeProtocol {
    OPEN_METRICS_TEXT_0_0_1("OpenMetricsText0.0.1"),
    OPEN_METRICS_TEXT_1_0_0("OpenMetricsText1.0.0"),
    OPEN_METRICS_TEXT_2_0_0("OpenMetricsText2.0.0"),
    PROMETHEUS_PROTO("PrometheusProto"),
    PROMETHEUS_TEXT_0_0_4("PrometheusText0.0.4"),
    PROMETHEUS_TEXT_1_0_0("PrometheusText1.0.0");

    /** What is asked for where nothing is said, best first. */
    public static final List<ScrapeProtocol> DEFAULT =
            List.of(OPEN_METRICS_TEXT_1_0_0, OPEN_METRICS_TEXT_0_0_1, PROMETHEUS_TEXT_1_0_0, PROMETHEUS_TEXT_0_0_4);

    /** The same where native histograms are wanted, which only protobuf carries. */
    public static final List<ScrapeProtocol> DEFAULT_WITH_NATIVE_HISTOGRAMS = List.of(
            PROMETHEUS_PROTO,
            OPEN_METRICS_TEXT_1_0_0,
            OPEN_METRICS_TEXT_0_0_1,
            PROMETHEUS_TEXT_1_0_0,
            PROMETHEUS_TEXT_0_0_4);

    private final String text;

    ScrapeProtocol(String text) {
        this.text = text;
    }

    /** The name in a configuration file. */
    public String text() {
        return text;
    }
}
