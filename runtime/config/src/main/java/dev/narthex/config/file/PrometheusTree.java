// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.file;

import dev.narthex.config.DiscoveryConfig;
import dev.narthex.config.GlobalConfig;
import dev.narthex.config.KubernetesDiscoveryConfig;
import dev.narthex.config.KubernetesSelector;
import dev.narthex.config.RelabelConfig;
import dev.narthex.config.ScrapeConfig;
import dev.narthex.config.StaticDiscoveryConfig;
import dev.narthex.config.StaticTargets;
import dev.narthex.model.Labels;
import dev.narthex.model.PromDuration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The parts of a prometheus.yml as trees of maps and lists; fields at their defaults are left out. */
final class PrometheusTree {
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
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("scrape_interval", duration(global.scrapeInterval()));
        tree.put("scrape_timeout", duration(global.scrapeTimeout()));
        tree.put("evaluation_interval", duration(global.evaluationInterval()));
        if (!global.externalLabels().isEmpty()) {
            Map<String, Object> external = new LinkedHashMap<>();
            // A dollar sign would be read as a reference to the environment.
            labels(global.externalLabels())
                    .forEach(
                            (name, value) -> external.put(name, value.toString().replace("$", "$$")));
            tree.put("external_labels", external);
        }
        return tree;
    }

    List<Object> scrapeConfigs(List<ScrapeConfig> configs) {
        List<Object> trees = new ArrayList<>();
        configs.forEach(config -> trees.add(scrapeConfig(config)));
        return trees;
    }

    private Map<String, Object> scrapeConfig(ScrapeConfig config) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("job_name", config.jobName());
        if (config.honorLabels()) {
            tree.put("honor_labels", true);
        }
        tree.put("honor_timestamps", config.honorTimestamps());
        if (!config.params().isEmpty()) {
            tree.put("params", config.params());
        }
        tree.put("scrape_interval", duration(config.scrapeInterval()));
        tree.put("scrape_timeout", duration(config.scrapeTimeout()));
        tree.put("metrics_path", config.metricsPath());
        tree.put("scheme", config.scheme());
        if (config.sampleLimit() > 0) {
            tree.put("sample_limit", config.sampleLimit());
        }
        if (config.bodySizeLimitBytes() > 0) {
            tree.put("body_size_limit", config.bodySizeLimitBytes() + "B");
        }
        putRelabelling(tree, "relabel_configs", config.relabelConfigs());
        putRelabelling(tree, "metric_relabel_configs", config.metricRelabelConfigs());
        putDiscoveries(tree, config.discoveries());
        return tree;
    }

    private static void putDiscoveries(Map<String, Object> tree, List<DiscoveryConfig> discoveries) {
        List<Object> kubernetes = new ArrayList<>();
        List<Object> fixed = new ArrayList<>();
        for (DiscoveryConfig discovery : discoveries) {
            switch (discovery) {
                case KubernetesDiscoveryConfig config -> kubernetes.add(kubernetes(config));
                case StaticDiscoveryConfig config -> config.groups().forEach(group -> fixed.add(staticTargets(group)));
            }
        }
        if (!kubernetes.isEmpty()) {
            tree.put("kubernetes_sd_configs", kubernetes);
        }
        if (!fixed.isEmpty()) {
            tree.put("static_configs", fixed);
        }
    }

    private static Map<String, Object> staticTargets(StaticTargets group) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("targets", group.targets());
        if (!group.labels().isEmpty()) {
            tree.put("labels", labels(group.labels()));
        }
        return tree;
    }

    private static Map<String, Object> kubernetes(KubernetesDiscoveryConfig config) {
        Map<String, Object> tree = new LinkedHashMap<>();
        if (!config.apiServer().isEmpty()) {
            tree.put("api_server", config.apiServer());
        }
        tree.put("role", config.role().text());
        if (!config.kubeconfigFile().isEmpty()) {
            tree.put("kubeconfig_file", config.kubeconfigFile());
        }
        if (config.ownNamespace() || !config.namespaces().isEmpty()) {
            Map<String, Object> namespaces = new LinkedHashMap<>();
            namespaces.put("own_namespace", config.ownNamespace());
            namespaces.put("names", config.namespaces());
            tree.put("namespaces", namespaces);
        }
        if (!config.selectors().isEmpty()) {
            List<Object> selectors = new ArrayList<>();
            config.selectors().forEach(selector -> selectors.add(selector(selector)));
            tree.put("selectors", selectors);
        }
        return tree;
    }

    private static Map<String, Object> selector(KubernetesSelector selector) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("role", selector.role().text());
        if (!selector.label().isEmpty()) {
            tree.put("label", selector.label());
        }
        if (!selector.field().isEmpty()) {
            tree.put("field", selector.field());
        }
        return tree;
    }

    private static void putRelabelling(Map<String, Object> tree, String field, List<RelabelConfig> steps) {
        if (!steps.isEmpty()) {
            List<Object> trees = new ArrayList<>();
            steps.forEach(step -> trees.add(relabelling(step)));
            tree.put(field, trees);
        }
    }

    private static Map<String, Object> relabelling(RelabelConfig step) {
        Map<String, Object> tree = new LinkedHashMap<>();
        if (!step.sourceLabels().isEmpty()) {
            tree.put("source_labels", step.sourceLabels());
        }
        if (!step.separator().equals(RelabelConfig.DEFAULT_SEPARATOR)) {
            tree.put("separator", step.separator());
        }
        if (!step.targetLabel().isEmpty()) {
            tree.put("target_label", step.targetLabel());
        }
        if (!step.regex().regex().equals(RelabelConfig.DEFAULT_REGEX)) {
            tree.put("regex", step.regex().regex());
        }
        if (step.modulus() != 0) {
            tree.put("modulus", step.modulus());
        }
        if (!step.replacement().equals(RelabelConfig.DEFAULT_REPLACEMENT)) {
            tree.put("replacement", step.replacement());
        }
        tree.put("action", step.action().text());
        return tree;
    }
}
