// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a prometheus.yml says.
 *
 * @param scrapeConfigs what stands in the file itself
 * @param ruleFiles paths or globs of rule files, relative to the file's folder
 * @param scrapeConfigFiles paths or globs of files with further scrape configurations
 * @param includedScrapeConfigs what stands in these files
 * @param passive the sections {@code remote_write}, {@code remote_read}, {@code tracing} and {@code otlp}, checked, as
 *     Prometheus shows them, by name: this build does not act on them
 */
public record PrometheusConfig(
        GlobalConfig global,
        RuntimeConfig runtime,
        AlertingConfig alerting,
        List<String> ruleFiles,
        List<String> scrapeConfigFiles,
        List<ScrapeConfig> scrapeConfigs,
        List<ScrapeConfig> includedScrapeConfigs,
        StorageConfig storage,
        Map<String, Object> passive) {
    /** The configuration of an empty file. */
    public static final PrometheusConfig EMPTY = new PrometheusConfig(GlobalConfig.DEFAULT, List.of(), List.of());

    public PrometheusConfig {
        ruleFiles = List.copyOf(ruleFiles);
        scrapeConfigFiles = List.copyOf(scrapeConfigFiles);
        scrapeConfigs = List.copyOf(scrapeConfigs);
        includedScrapeConfigs = List.copyOf(includedScrapeConfigs);
        passive = Collections.unmodifiableMap(new LinkedHashMap<>(passive));
    }

    /** Scraping and rules, everything else by default. */
    public PrometheusConfig(GlobalConfig global, List<ScrapeConfig> scrapeConfigs, List<String> ruleFiles) {
        this(
                global,
                RuntimeConfig.DEFAULT,
                AlertingConfig.NONE,
                ruleFiles,
                List.of(),
                scrapeConfigs,
                List.of(),
                StorageConfig.NONE,
                Map.of());
    }

    /** All scrape configurations, those of the file itself first. */
    public List<ScrapeConfig> allScrapeConfigs() {
        if (includedScrapeConfigs.isEmpty()) {
            return scrapeConfigs;
        }
        List<ScrapeConfig> all = new ArrayList<>(scrapeConfigs);
        all.addAll(includedScrapeConfigs);
        return all;
    }

    /** The same with a retention where the file says none. */
    public PrometheusConfig withRetention(StorageConfig.Retention retention) {
        StorageConfig.Tsdb tsdb = storage.tsdb();
        if (tsdb != null && tsdb.retention() != null) {
            return this;
        }
        StorageConfig.Tsdb kept = tsdb == null
                ? new StorageConfig.Tsdb(Duration.ZERO, null, "", retention)
                : new StorageConfig.Tsdb(
                        tsdb.outOfOrderTimeWindow(),
                        tsdb.staleSeriesCompactionThreshold(),
                        tsdb.floatChunkEncoding(),
                        retention);
        return new PrometheusConfig(
                global,
                runtime,
                alerting,
                ruleFiles,
                scrapeConfigFiles,
                scrapeConfigs,
                includedScrapeConfigs,
                new StorageConfig(kept, storage.maxExemplars()),
                passive);
    }

    /** The same with another level of the log. */
    public PrometheusConfig withLogLevel(String logLevel) {
        return new PrometheusConfig(
                global,
                new RuntimeConfig(runtime.gogc(), logLevel),
                alerting,
                ruleFiles,
                scrapeConfigFiles,
                scrapeConfigs,
                includedScrapeConfigs,
                storage,
                passive);
    }

    /** The same with what was read from the files that {@code scrapeConfigFiles} names. */
    public PrometheusConfig withIncluded(List<ScrapeConfig> included) {
        return new PrometheusConfig(
                global, runtime, alerting, ruleFiles, scrapeConfigFiles, scrapeConfigs, included, storage, passive);
    }
}
