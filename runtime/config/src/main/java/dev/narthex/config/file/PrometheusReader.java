// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.file;

import dev.narthex.config.GlobalConfig;
import dev.narthex.config.PrometheusConfig;
import dev.narthex.config.ScrapeConfig;
import dev.narthex.config.yaml.MappingReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads a prometheus.yml (Prometheus documentation, "Configuration"). */
final class PrometheusReader {
    private static final List<String> NOT_YET = List.of(
            "runtime", "scrape_config_files", "alerting", "remote_write", "remote_read", "storage", "tracing", "otlp");

    private final ReaderContext context;

    PrometheusReader(ReaderContext context) {
        this.context = context;
    }

    PrometheusConfig read(MappingReader root) {
        GlobalConfig global = new GlobalReader(context).read(root.mapping("global"));
        List<ScrapeConfig> scrapeConfigs = new ArrayList<>();
        Map<String, Integer> jobs = new HashMap<>();
        List<MappingReader> entries = root.mappings("scrape_configs");
        ScrapeConfigReader scrapeReader = new ScrapeConfigReader(context, global);
        for (int i = 0; i < entries.size(); i++) {
            ScrapeConfig scrapeConfig = scrapeReader.read(entries.get(i));
            Integer first = jobs.putIfAbsent(scrapeConfig.jobName(), i);
            if (first != null && !scrapeConfig.jobName().isEmpty()) {
                entries.get(i)
                        .report(
                                "job_name",
                                "\"" + scrapeConfig.jobName() + "\" is the name of scrape_configs[" + first
                                        + "] too; job names must be unique");
            }
            scrapeConfigs.add(scrapeConfig);
        }
        List<String> ruleFiles = context.paths(root, "rule_files");
        NOT_YET.stream().filter(root::isWritten).forEach(root::unsupported);
        root.finish();
        return new PrometheusConfig(global, scrapeConfigs, ruleFiles);
    }

    static Duration shorter(Duration left, Duration right) {
        return left.compareTo(right) <= 0 ? left : right;
    }
}
