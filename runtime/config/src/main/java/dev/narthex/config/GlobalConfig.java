// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config;

import dev.narthex.model.Labels;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The {@code global} section of a prometheus.yml.
 *
 * @param ruleQueryOffset how far in the past rules are evaluated
 * @param queryLogFile empty for none
 * @param scrapeFailureLogFile of jobs that name none; empty for none
 * @param externalLabels labels of everything that leaves the server: alerts, remote write, federation
 * @param scrapeProtocols of jobs that name none; empty for the defaults
 * @param limits of jobs that give none
 * @param nameEscapingScheme null where nothing is said, which is UTF-8, or underscores with legacy names
 */
public record GlobalConfig(
        Duration scrapeInterval,
        Duration scrapeTimeout,
        Duration evaluationInterval,
        Duration ruleQueryOffset,
        String queryLogFile,
        String scrapeFailureLogFile,
        Labels externalLabels,
        List<ScrapeProtocol> scrapeProtocols,
        ScrapeLimits limits,
        NameValidationScheme nameValidationScheme,
        @Nullable NameEscapingScheme nameEscapingScheme,
        boolean scrapeNativeHistograms,
        boolean alwaysScrapeClassicHistograms,
        boolean convertClassicHistogramsToNhcb,
        boolean extraScrapeMetrics) {
    /** The defaults of Prometheus: every minute, ten seconds to answer. */
    public static final GlobalConfig DEFAULT =
            new GlobalConfig(Duration.ofMinutes(1), Duration.ofSeconds(10), Duration.ofMinutes(1), Labels.EMPTY);

    public GlobalConfig {
        scrapeProtocols = List.copyOf(scrapeProtocols);
    }

    /** Intervals and external labels, everything else by default. */
    public GlobalConfig(
            Duration scrapeInterval, Duration scrapeTimeout, Duration evaluationInterval, Labels externalLabels) {
        this(
                scrapeInterval,
                scrapeTimeout,
                evaluationInterval,
                Duration.ZERO,
                "",
                "",
                externalLabels,
                List.of(),
                ScrapeLimits.NONE,
                NameValidationScheme.UTF8,
                null,
                false,
                false,
                false,
                false);
    }
}
