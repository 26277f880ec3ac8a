// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.file;

import dev.narthex.config.AlertingConfig;
import dev.narthex.config.GlobalConfig;
import dev.narthex.config.PrometheusConfig;
import dev.narthex.config.RuntimeConfig;
import dev.narthex.config.ScrapeConfig;
import dev.narthex.config.StorageConfig;
import dev.narthex.config.yaml.MappingReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads a prometheus.yml (Prometheus documentation, "Configuration"). */
final class PrometheusReader {
    /** Asterisks may stand in the last part of a path alone. */
    private static final Pattern PATH_PATTERN = Pattern.compile("[^*]*(\\*[^/]*)?");

    private final ReaderContext context;

    PrometheusReader(ReaderContext context) {
        this.context = context;
    }

    PrometheusConfig read(MappingReader root) {
        GlobalConfig global = new GlobalReader(context)
                .read(
                        root.mapping("global"),
                        root.has("global"),
                        !root.list("scrape_configs").isEmpty());
        RuntimeConfig runtime = StorageReader.readRuntime(root);
        AlertingConfig alerting = new AlertingReader(context, global.nameValidationScheme()).read(root);
        List<ScrapeConfig> scrapeConfigs = scrapeConfigs(root, context, global);
        List<String> ruleFiles = patterns(root, "rule_files");
        List<String> scrapeConfigFiles = patterns(root, "scrape_config_files");
        StorageConfig storage = StorageReader.read(root);
        SupportedByThisBuild.prometheus(root, runtime, storage);
        Map<String, Object> passive = new PassiveSections(context, global.nameValidationScheme()).read(root);
        root.finish();
        return new PrometheusConfig(
                global, runtime, alerting, ruleFiles, scrapeConfigFiles, scrapeConfigs, List.of(), storage, passive);
    }

    /** The {@code scrape_configs} of a prometheus.yml or of a file that it names. */
    static List<ScrapeConfig> scrapeConfigs(MappingReader root, ReaderContext context, GlobalConfig global) {
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
        return scrapeConfigs;
    }

    private List<String> patterns(MappingReader root, String field) {
        for (String pattern : root.strings(field)) {
            if (!PATH_PATTERN.matcher(pattern).matches()) {
                root.report(field, "found \"" + pattern + "\"; * may stand in the last part of a path alone");
            }
        }
        return context.paths(root, field);
    }

    static Duration shorter(Duration left, Duration right) {
        return left.compareTo(right) <= 0 ? left : right;
    }
}
