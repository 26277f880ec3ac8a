// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One entry of {@code scrape_configs}: how a set of targets is found and scraped. The interval and timeout are
 * effective ones, the global ones filled in.
 *
 * @param jobName unique in a configuration; the default of the {@code job} label
 * @param metricsPath the path of the URL, with a leading slash
 * @param scheme {@code http} or {@code https}
 * @param params query parameters of the URL
 * @param honorLabels whether labels of the target win over those of the server
 * @param honorTimestamps whether timestamps of the target are kept
 * @param sampleLimit most samples of a scrape after relabelling, 0 for no limit
 * @param bodySizeLimitBytes most bytes of an uncompressed body, 0 for no limit
 */
public record ScrapeConfig(
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
    public static final String DEFAULT_METRICS_PATH = "/metrics";
    public static final String DEFAULT_SCHEME = "http";

    public ScrapeConfig {
        Map<String, List<String>> copied = new LinkedHashMap<>();
        params.forEach((name, values) -> copied.put(name, List.copyOf(values)));
        params = Collections.unmodifiableMap(copied);
        discoveries = List.copyOf(discoveries);
        relabelConfigs = List.copyOf(relabelConfigs);
        metricRelabelConfigs = List.copyOf(metricRelabelConfigs);
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

    /** The same with one more way to find targets. */
    public ScrapeConfig withDiscovery(DiscoveryConfig discovery) {
        List<DiscoveryConfig> more = new ArrayList<>(discoveries);
        more.add(discovery);
        return new ScrapeConfig(
                jobName,
                scrapeInterval,
                scrapeTimeout,
                metricsPath,
                scheme,
                params,
                honorLabels,
                honorTimestamps,
                sampleLimit,
                bodySizeLimitBytes,
                more,
                relabelConfigs,
                metricRelabelConfigs);
    }
}
