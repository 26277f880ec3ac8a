// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.file;

import dev.narthex.config.GlobalConfig;
import dev.narthex.config.NameValidationScheme;
import dev.narthex.config.ScrapeLimits;
import dev.narthex.config.ScrapeProtocol;
import dev.narthex.model.Labels;
import dev.narthex.model.PromDuration;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The parts of a prometheus.yml as trees of maps and lists. */
final class PrometheusTree {
    private final TreeForm form;

    PrometheusTree(TreeForm form) {
        this.form = form;
    }

    static String duration(Duration duration) {
        return PromDuration.format(duration.toMillis());
    }

    static Map<String, Object> labels(Labels labels) {
        Map<String, Object> tree = new LinkedHashMap<>();
        for (int i = 0; i < labels.size(); i++) {
            tree.put(labels.name(i), labels.value(i));
        }
        return tree;
    }

    Map<String, Object> global(GlobalConfig global) {
        Fields fields = form.fields()
                .put("scrape_interval", duration(global.scrapeInterval()))
                .put("scrape_timeout", duration(global.scrapeTimeout()))
                .given("scrape_protocols", protocols(global.scrapeProtocols()))
                .put("evaluation_interval", duration(global.evaluationInterval()))
                .given("rule_query_offset", global.ruleQueryOffset())
                .given("query_log_file", global.queryLogFile())
                .given("scrape_failure_log_file", global.scrapeFailureLogFile())
                .given("external_labels", externalLabels(global.externalLabels()));
        putLimits(fields, global.limits());
        if (form.effective() || global.nameValidationScheme() != NameValidationScheme.UTF8) {
            fields.put(
                    "metric_name_validation_scheme",
                    global.nameValidationScheme().text());
        }
        if (global.nameEscapingScheme() != null) {
            fields.put(
                    "metric_name_escaping_scheme", global.nameEscapingScheme().text());
        }
        return fields.always("scrape_native_histograms", global.scrapeNativeHistograms(), false)
                .given("convert_classic_histograms_to_nhcb", global.convertClassicHistogramsToNhcb())
                .given("always_scrape_classic_histograms", global.alwaysScrapeClassicHistograms())
                .always("extra_scrape_metrics", global.extraScrapeMetrics(), false)
                .tree();
    }

    static List<String> protocols(List<ScrapeProtocol> protocols) {
        return protocols.stream().map(ScrapeProtocol::text).toList();
    }

    static void putLimits(Fields fields, ScrapeLimits limits) {
        if (limits.bodySizeBytes() != 0) {
            fields.put("body_size_limit", ByteSize.format(limits.bodySizeBytes()));
        }
        fields.given("sample_limit", limits.samples())
                .given("target_limit", limits.targets())
                .given("label_limit", limits.labels())
                .given("label_name_length_limit", limits.labelNameLength())
                .given("label_value_length_limit", limits.labelValueLength())
                .given("keep_dropped_targets", limits.keepDroppedTargets())
                .given("native_histogram_bucket_limit", limits.nativeHistogramBuckets())
                .given("native_histogram_min_bucket_factor", limits.nativeHistogramMinBucketFactor());
    }

    private Map<String, Object> externalLabels(Labels labels) {
        Map<String, Object> external = labels(labels);
        if (!form.effective()) {
            // A dollar sign would be read as a reference to the environment.
            external.replaceAll((_, value) -> value.toString().replace("$", "$$"));
        }
        return external;
    }
}
