// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config;

import dev.narthex.model.Labels;
import java.time.Duration;

/**
 * The {@code global} section of a prometheus.yml.
 *
 * @param externalLabels labels of everything that leaves the server: alerts, remote write, federation
 */
public record GlobalConfig(
        Duration scrapeInterval, Duration scrapeTimeout, Duration evaluationInterval, Labels externalLabels) {
    /** The defaults of Prometheus: every minute, ten seconds to answer. */
    public static final GlobalConfig DEFAULT =
            new GlobalConfig(Duration.ofMinutes(1), Duration.ofSeconds(10), Duration.ofMinutes(1), Labels.EMPTY);
}
