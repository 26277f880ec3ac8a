// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.file;

import dev.narthex.config.GlobalConfig;
import dev.narthex.config.PrometheusConfig;
import dev.narthex.config.ScrapeConfig;
import dev.narthex.config.yaml.MappingReader;
import dev.narthex.model.Labels;
import dev.narthex.model.LabelsBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Reads a prometheus.yml (Prometheus documentation, "Configuration"). */
final class PrometheusReader {
    private static final Set<String> UPSTREAM = Set.of(
            "runtime", "scrape_config_files", "alerting", "remote_write", "remote_read", "storage", "tracing", "otlp");
    private static final Set<String> GLOBAL_UPSTREAM = Set.of(
            "scrape_protocols",
            "rule_query_offset",
            "query_log_file",
            "scrape_failure_log_file",
            "body_size_limit",
            "sample_limit",
            "label_limit",
            "label_name_length_limit",
            "label_value_length_limit",
            "target_limit",
            "keep_dropped_targets",
            "runtime",
            "metric_name_validation_scheme",
            "metric_name_escaping_scheme",
            "scrape_native_histograms",
            "convert_classic_histograms_to_nhcb",
            "always_scrape_classic_histograms",
            "extra_scrape_metrics");

    private final UnaryOperator<String> environment;

    PrometheusReader(UnaryOperator<String> environment) {
        this.environment = environment;
    }

    PrometheusConfig read(MappingReader root) {
        GlobalConfig global = readGlobal(root.mapping("global"));
        List<ScrapeConfig> scrapeConfigs = new ArrayList<>();
        Map<String, Integer> jobs = new HashMap<>();
        List<MappingReader> entries = root.mappings("scrape_configs");
        for (int i = 0; i < entries.size(); i++) {
            ScrapeConfig scrapeConfig = ScrapeConfigReader.read(entries.get(i), global);
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
        List<String> ruleFiles = root.strings("rule_files");
        root.finish(UPSTREAM);
        return new PrometheusConfig(global, scrapeConfigs, ruleFiles);
    }

    private GlobalConfig readGlobal(MappingReader reader) {
        GlobalConfig defaults = GlobalConfig.DEFAULT;
        Duration interval = ConfigValues.positiveDuration(reader, "scrape_interval", defaults.scrapeInterval());
        Duration timeout = reader.has("scrape_timeout")
                ? ConfigValues.positiveDuration(reader, "scrape_timeout", defaults.scrapeTimeout())
                : shorter(defaults.scrapeTimeout(), interval);
        if (timeout.compareTo(interval) > 0) {
            reader.report("scrape_timeout", "is longer than the scrape interval; give at most the interval");
        }
        Duration evaluation =
                ConfigValues.positiveDuration(reader, "evaluation_interval", defaults.evaluationInterval());
        LabelsBuilder external = Labels.builder();
        Labels written = ConfigValues.labels(reader, "external_labels");
        for (int i = 0; i < written.size(); i++) {
            external.set(written.name(i), expandEnvironment(written.value(i)));
        }
        reader.finish(GLOBAL_UPSTREAM);
        return new GlobalConfig(interval, timeout, evaluation, external.build());
    }

    static Duration shorter(Duration left, Duration right) {
        return left.compareTo(right) <= 0 ? left : right;
    }

    /** Replaces {@code $NAME} and {@code ${NAME}} by environment variables; {@code $$} is a dollar sign. */
    private String expandEnvironment(String text) {
        if (text.indexOf('$') < 0) {
            return text;
        }
        StringBuilder out = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c != '$' || at == text.length()) {
                out.append(c);
                continue;
            }
            if (text.charAt(at) == '$') {
                out.append('$');
                at++;
                continue;
            }
            int closing = text.charAt(at) == '{' ? text.indexOf('}', at) : -1;
            int start = closing > 0 ? at + 1 : at;
            int end = closing > 0 ? closing : endOfName(text, at);
            if (end == start) {
                out.append('$');
                continue;
            }
            out.append(environment.apply(text.substring(start, end)));
            at = closing > 0 ? closing + 1 : end;
        }
        return out.toString();
    }

    private static int endOfName(String text, int start) {
        int end = start;
        while (end < text.length() && (Character.isLetterOrDigit(text.charAt(end)) || text.charAt(end) == '_')) {
            end++;
        }
        return end;
    }
}
