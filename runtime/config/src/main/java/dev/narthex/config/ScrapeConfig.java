// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One entry of {@code scrape_configs}: how a set of targets is found and scraped. All values are effective ones, the
 * global ones filled in.
 *
 * @param jobName unique in a configuration; the default of the {@code job} label
 * @param scrapeProtocols what the target is asked for, best first
 * @param fallbackScrapeProtocol how to read an answer without a usable content type; null to refuse it
 * @param metricsPath the path of the URL, with a leading slash
 * @param scheme {@code http} or {@code https}
 * @param params query parameters of the URL
 * @param enableCompression whether the target is asked for a compressed body
 * @param honorLabels whether labels of the target win over those of the server
 * @param honorTimestamps whether timestamps of the target are kept
 * @param trackTimestampsStaleness whether series with timestamps of the target end when they disappear
 * @param scrapeFailureLogFile empty for none
 * @param extraScrapeMetrics whether each scrape writes series on timeout, limit and body size too
 */
public record ScrapeConfig(
        String jobName,
        Duration scrapeInterval,
        Duration scrapeTimeout,
        List<ScrapeProtocol> scrapeProtocols,
        @Nullable ScrapeProtocol fallbackScrapeProtocol,
        boolean scrapeNativeHistograms,
        boolean alwaysScrapeClassicHistograms,
        boolean convertClassicHistogramsToNhcb,
        String metricsPath,
        String scheme,
        Map<String, List<String>> params,
        boolean enableCompression,
        boolean honorLabels,
        boolean honorTimestamps,
        boolean trackTimestampsStaleness,
        String scrapeFailureLogFile,
        ScrapeLimits limits,
        NameValidationScheme nameValidationScheme,
        NameEscapingScheme nameEscapingScheme,
        boolean extraScrapeMetrics,
        HttpClientConfig httpClient,
        List<DiscoveryConfig> discoveries,
        List<RelabelConfig> relabelConfigs,
        List<RelabelConfig> metricRelabelConfigs) {
    public static final String DEFAULT_METRICS_PATH = "/metrics";
    public static final String DEFAULT_SCHEME = "http";

    public ScrapeConfig {
        scrapeProtocols = List.copyOf(scrapeProtocols);
        Map<String, List<String>> copied = new LinkedHashMap<>();
        params.forEach((name, values) -> copied.put(name, List.copyOf(values)));
        params = Collections.unmodifiableMap(copied);
        discoveries = List.copyOf(discoveries);
        relabelConfigs = List.copyOf(relabelConfigs);
        metricRelabelConfigs = List.copyOf(metricRelabelConfigs);
    }

    /** What most jobs say; everything else by default. */
    public ScrapeConfig(
            String jobName,
            Duration scrapeInterval,
            Duration scrapeTimeout,
            String metricsPath,
            String scheme,
            Map<String, List<String>> params,
            boolean honorLabels,
            boolean honorTimestamps,
            int sampleLimit,
            long bodySizeLimitBytes,
            List<DiscoveryConfig> discoveries,
            List<RelabelConfig> relabelConfigs,
            List<RelabelConfig> metricRelabelConfigs) {
        this(
                jobName,
                scrapeInterval,
                scrapeTimeout,
                ScrapeProtocol.DEFAULT,
                null,
                false,
                false,
                false,
                metricsPath,
                scheme,
                params,
                true,
                honorLabels,
                honorTimestamps,
                false,
                "",
                ScrapeLimits.NONE.with(sampleLimit, bodySizeLimitBytes),
                NameValidationScheme.UTF8,
                NameEscapingScheme.ALLOW_UTF_8,
                false,
                HttpClientConfig.DEFAULT,
                discoveries,
                relabelConfigs,
                metricRelabelConfigs);
    }

    /** A configuration with Prometheus' defaults and no targets, to start from. */
    public static ScrapeConfig of(String jobName, GlobalConfig global) {
        return new ScrapeConfig(
                jobName,
                global.scrapeInterval(),
                global.scrapeTimeout(),
                DEFAULT_METRICS_PATH,
                DEFAULT_SCHEME,
                Map.of(),
                false,
                true,
                0,
                0,
                List.of(),
                List.of(),
                List.of());
    }

    /** Most samples of a scrape after relabelling, 0 for no limit. */
    public int sampleLimit() {
        return (int) Math.min(limits.samples(), Integer.MAX_VALUE);
    }

    /** Most bytes of an uncompressed body, 0 for no limit. */
    public long bodySizeLimitBytes() {
        return limits.bodySizeBytes();
    }

    /** The same, to be changed in some of its values. */
    public ScrapeConfigBuilder toBuilder() {
        return new ScrapeConfigBuilder(this);
    }

    /** The same with one more way to find targets. */
    public ScrapeConfig withDiscovery(DiscoveryConfig discovery) {
        List<DiscoveryConfig> more = new ArrayList<>(discoveries);
        more.add(discovery);
        return toBuilder().discoveries(more).build();
    }
}
