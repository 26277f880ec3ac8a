// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes a {@link ScrapeConfig} from another one. For use by one thread. */
public final class ScrapeConfigBuilder {
    private String jobName;
    private Duration scrapeInterval;
    private Duration scrapeTimeout;
    private List<ScrapeProtocol> scrapeProtocols;
    private @Nullable ScrapeProtocol fallbackScrapeProtocol;
    private boolean scrapeNativeHistograms;
    private boolean alwaysScrapeClassicHistograms;
    private boolean convertClassicHistogramsToNhcb;
    private String metricsPath;
    private String scheme;
    private Map<String, List<String>> params;
    private boolean enableCompression;
    private boolean honorLabels;
    private boolean honorTimestamps;
    private boolean trackTimestampsStaleness;
    private String scrapeFailureLogFile;
    private ScrapeLimits limits;
    private NameValidationScheme nameValidationScheme;
    private NameEscapingScheme nameEscapingScheme;
    private boolean extraScrapeMetrics;
    private HttpClientConfig httpClient;
    private List<DiscoveryConfig> discoveries;
    private List<RelabelConfig> relabelConfigs;
    private List<RelabelConfig> metricRelabelConfigs;

    ScrapeConfigBuilder(ScrapeConfig config) {
        jobName = config.jobName();
        scrapeInterval = config.scrapeInterval();
        scrapeTimeout = config.scrapeTimeout();
        scrapeProtocols = config.scrapeProtocols();
        fallbackScrapeProtocol = config.fallbackScrapeProtocol();
        scrapeNativeHistograms = config.scrapeNativeHistograms();
        alwaysScrapeClassicHistograms = config.alwaysScrapeClassicHistograms();
        convertClassicHistogramsToNhcb = config.convertClassicHistogramsToNhcb();
        metricsPath = config.metricsPath();
        scheme = config.scheme();
        params = config.params();
        enableCompression = config.enableCompression();
        honorLabels = config.honorLabels();
        honorTimestamps = config.honorTimestamps();
        trackTimestampsStaleness = config.trackTimestampsStaleness();
        scrapeFailureLogFile = config.scrapeFailureLogFile();
        limits = config.limits();
        nameValidationScheme = config.nameValidationScheme();
        nameEscapingScheme = config.nameEscapingScheme();
        extraScrapeMetrics = config.extraScrapeMetrics();
        httpClient = config.httpClient();
        discoveries = config.discoveries();
        relabelConfigs = config.relabelConfigs();
        metricRelabelConfigs = config.metricRelabelConfigs();
    }

    public ScrapeConfigBuilder jobName(String value) {
        jobName = value;
        return this;
    }

    public ScrapeConfigBuilder scrapeInterval(Duration value) {
        scrapeInterval = value;
        return this;
    }

    public ScrapeConfigBuilder scrapeTimeout(Duration value) {
        scrapeTimeout = value;
        return this;
    }

    public ScrapeConfigBuilder scrapeProtocols(List<ScrapeProtocol> value) {
        scrapeProtocols = value;
        return this;
    }

    public ScrapeConfigBuilder fallbackScrapeProtocol(@Nullable ScrapeProtocol value) {
        fallbackScrapeProtocol = value;
        return this;
    }

    public ScrapeConfigBuilder scrapeNativeHistograms(boolean value) {
        scrapeNativeHistograms = value;
        return this;
    }

    public ScrapeConfigBuilder alwaysScrapeClassicHistograms(boolean value) {
        alwaysScrapeClassicHistograms = value;
        return this;
    }

    public ScrapeConfigBuilder convertClassicHistogramsToNhcb(boolean value) {
        convertClassicHistogramsToNhcb = value;
        return this;
    }

    public ScrapeConfigBuilder metricsPath(String value) {
        metricsPath = value;
        return this;
    }

    public ScrapeConfigBuilder scheme(String value) {
        scheme = value;
        return this;
    }

    public ScrapeConfigBuilder params(Map<String, List<String>> value) {
        params = value;
        return this;
    }

    public ScrapeConfigBuilder enableCompression(boolean value) {
        enableCompression = value;
        return this;
    }

    public ScrapeConfigBuilder honorLabels(boolean value) {
        honorLabels = value;
        return this;
    }

    public ScrapeConfigBuilder honorTimestamps(boolean value) {
        honorTimestamps = value;
        return this;
    }

    public ScrapeConfigBuilder trackTimestampsStaleness(boolean value) {
        trackTimestampsStaleness = value;
        return this;
    }

    public ScrapeConfigBuilder scrapeFailureLogFile(String value) {
        scrapeFailureLogFile = value;
        return this;
    }

    public ScrapeConfigBuilder limits(ScrapeLimits value) {
        limits = value;
        return this;
    }

    public ScrapeConfigBuilder nameValidationScheme(NameValidationScheme value) {
        nameValidationScheme = value;
        return this;
    }

    public ScrapeConfigBuilder nameEscapingScheme(NameEscapingScheme value) {
        nameEscapingScheme = value;
        return this;
    }

    public ScrapeConfigBuilder extraScrapeMetrics(boolean value) {
        extraScrapeMetrics = value;
        return this;
    }

    public ScrapeConfigBuilder httpClient(HttpClientConfig value) {
        httpClient = value;
        return this;
    }

    public ScrapeConfigBuilder discoveries(List<DiscoveryConfig> value) {
        discoveries = value;
        return this;
    }

    public ScrapeConfigBuilder relabelConfigs(List<RelabelConfig> value) {
        relabelConfigs = value;
        return this;
    }

    public ScrapeConfigBuilder metricRelabelConfigs(List<RelabelConfig> value) {
        metricRelabelConfigs = value;
        return this;
    }

    public ScrapeConfig build() {
        return new ScrapeConfig(
                jobName,
                scrapeInterval,
                scrapeTimeout,
                scrapeProtocols,
                fallbackScrapeProtocol,
                scrapeNativeHistograms,
                alwaysScrapeClassicHistograms,
                convertClassicHistogramsToNhcb,
                metricsPath,
                scheme,
                params,
                enableCompression,
                honorLabels,
                honorTimestamps,
                trackTimestampsStaleness,
                scrapeFailureLogFile,
                limits,
                nameValidationScheme,
                nameEscapingScheme,
                extraScrapeMetrics,
                httpClient,
                discoveries,
                relabelConfigs,
                metricRelabelConfigs);
    }
}
