// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.file;

import dev.narthex.config.NameEscapingScheme;
import dev.narthex.config.NameValidationScheme;
import dev.narthex.config.ScrapeConfig;
import dev.narthex.config.ScrapeProtocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Entries of {@code scrape_configs} as trees. */
final class ScrapeConfigTree {
    /** The default of a field that a compact tree shows whatever its value. */
    private static final String NEVER = "\0";

    private final TreeForm form;
    private final HttpClientTree http;
    private final DiscoveryTree discoveries;
    private final RelabelTree relabelling;

    ScrapeConfigTree(TreeForm form) {
        this.form = form;
        this.http = new HttpClientTree(form);
        this.discoveries = new DiscoveryTree(form);
        this.relabelling = new RelabelTree(form);
    }

    List<Object> list(List<ScrapeConfig> configs) {
        List<Object> trees = new ArrayList<>();
        configs.forEach(config -> trees.add(tree(config)));
        return trees;
    }

    Map<String, Object> tree(ScrapeConfig config) {
        Fields fields = form.fields()
                .put("job_name", config.jobName())
                .given("honor_labels", config.honorLabels())
                .put("honor_timestamps", config.honorTimestamps())
                .always("track_timestamps_staleness", config.trackTimestampsStaleness(), false)
                .given("params", config.params())
                .put("scrape_interval", PrometheusTree.duration(config.scrapeInterval()))
                .put("scrape_timeout", PrometheusTree.duration(config.scrapeTimeout()))
                .always(
                        "scrape_protocols",
                        PrometheusTree.protocols(config.scrapeProtocols()),
                        PrometheusTree.protocols(defaultProtocols(config)));
        ScrapeProtocol fallback = config.fallbackScrapeProtocol();
        if (fallback != null) {
            fields.put("fallback_scrape_protocol", fallback.text());
        }
        fields.always("scrape_native_histograms", config.scrapeNativeHistograms(), false)
                .always("always_scrape_classic_histograms", config.alwaysScrapeClassicHistograms(), false)
                .always("convert_classic_histograms_to_nhcb", config.convertClassicHistogramsToNhcb(), false)
                .given("scrape_failure_log_file", config.scrapeFailureLogFile())
                .given("metrics_path", config.metricsPath(), NEVER)
                .given("scheme", config.scheme(), NEVER)
                .always("enable_compression", config.enableCompression(), true);
        PrometheusTree.putLimits(fields, config.limits());
        return fields.always(
                        "metric_name_validation_scheme",
                        config.nameValidationScheme().text(),
                        NameValidationScheme.UTF8.text())
                .always(
                        "metric_name_escaping_scheme",
                        config.nameEscapingScheme().text(),
                        NameEscapingScheme.ALLOW_UTF_8.text())
                .always("extra_scrape_metrics", config.extraScrapeMetrics(), false)
                .all(http.fields(config.httpClient()))
                .given("relabel_configs", relabelling.list(config.relabelConfigs()))
                .given("metric_relabel_configs", relabelling.list(config.metricRelabelConfigs()))
                .all(discoveries.fields(config.discoveries()))
                .tree();
    }

    private static List<ScrapeProtocol> defaultProtocols(ScrapeConfig config) {
        return config.scrapeNativeHistograms() ? ScrapeProtocol.DEFAULT_WITH_NATIVE_HISTOGRAMS : ScrapeProtocol.DEFAULT;
    }
}
