// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config;

import java.util.List;

/**
 * What a prometheus.yml says.
 *
 * @param ruleFiles paths or globs of rule files, relative to the file's folder
 */
public record PrometheusConfig(GlobalConfig global, List<ScrapeConfig> scrapeConfigs, List<String> ruleFiles) {
    /** The configuration of an empty file. */
    public static final PrometheusConfig EMPTY = new PrometheusConfig(GlobalConfig.DEFAULT, List.of(), List.of());

    public PrometheusConfig {
        scrapeConfigs = List.copyOf(scrapeConfigs);
        ruleFiles = List.copyOf(ruleFiles);
    }
}
