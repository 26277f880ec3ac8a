// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.file;

import dev.narthex.config.DiscoveryConfig;
import dev.narthex.config.DnsDiscoveryConfig;
import dev.narthex.config.Ec2DiscoveryConfig;
import dev.narthex.config.FileDiscoveryConfig;
import dev.narthex.config.ForeignDiscoveryConfig;
import dev.narthex.config.HttpDiscoveryConfig;
import dev.narthex.config.KubernetesAttachMetadata;
import dev.narthex.config.KubernetesDiscoveryConfig;
import dev.narthex.config.KubernetesSelector;
import dev.narthex.config.StaticDiscoveryConfig;
import dev.narthex.config.StaticTargets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The {@code *_sd_configs} and {@code static_configs} as fields of the section that they stand in. */
final class DiscoveryTree {
    private final TreeForm form;
    private final HttpClientTree http;

    DiscoveryTree(TreeForm form) {
        this.form = form;
        this.http = new HttpClientTree(form);
    }

    Map<String, Object> fields(List<DiscoveryConfig> discoveries) {
        Map<String, List<Object>> kinds = new LinkedHashMap<>();
        for (DiscoveryConfig discovery : discoveries) {
            switch (discovery) {
                case StaticDiscoveryConfig config ->
                    config.groups().forEach(group -> add(kinds, "static_configs", staticTargets(group)));
                case FileDiscoveryConfig config -> add(kinds, "file_sd_configs", file(config));
                case HttpDiscoveryConfig config -> add(kinds, "http_sd_configs", http(config));
                case DnsDiscoveryConfig config -> add(kinds, "dns_sd_configs", dns(config));
                case KubernetesDiscoveryConfig config -> add(kinds, "kubernetes_sd_configs", kubernetes(config));
                case Ec2DiscoveryConfig config -> add(kinds, "ec2_sd_configs", ec2(config));
                case ForeignDiscoveryConfig config -> add(kinds, config.kind() + "_sd_configs", config.fields());
            }
        }
        return new LinkedHashMap<>(kinds);
    }

    private static void add(Map<String, List<Object>> kinds, String field, Map<String, Object> tree) {
        kinds.computeIfAbsent(field, _ -> new ArrayList<>()).add(tree);
    }

    private Map<String, Object> staticTargets(StaticTargets group) {
        return form.fields()
                .put("targets", group.targets())
                .given("labels", PrometheusTree.labels(group.labels()))
                .tree();
    }

    private Map<String, Object> file(FileDiscoveryConfig config) {
        return form.fields()
                .put("files", config.files())
                .given(
                        "refresh_interval",
                        PrometheusTree.duration(config.refreshInterval()),
                        PrometheusTree.duration(FileDiscoveryConfig.DEFAULT_REFRESH_INTERVAL))
                .tree();
    }

    private Map<String, Object> http(HttpDiscoveryConfig config) {
        return form.fields()
                .all(http.fields(config.httpClient()))
                .given(
                        "refresh_interval",
                        PrometheusTree.duration(config.refreshInterval()),
                        PrometheusTree.duration(HttpDiscoveryConfig.DEFAULT_REFRESH_INTERVAL))
                .put("url", form.url(config.url().value()))
                .tree();
    }

    private Map<String, Object> dns(DnsDiscoveryConfig config) {
        return form.fields()
                .put("names", config.names())
                .given(
                        "refresh_interval",
                        PrometheusTree.duration(config.refreshInterval()),
                        PrometheusTree.duration(DnsDiscoveryConfig.DEFAULT_REFRESH_INTERVAL))
                .always("type", config.type(), DnsDiscoveryConfig.DEFAULT_TYPE)
                .always("port", config.port(), 0)
                .tree();
    }

    private Map<String, Object> ec2(Ec2DiscoveryConfig config) {
        List<Object> filters = new ArrayList<>();
        config.filters()
                .forEach(filter -> filters.add(form.fields()
                        .put("name", filter.name())
                        .put("values", filter.values())
                        .tree()));
        return form.fields()
                .always("endpoint", config.endpoint(), "")
                .always("region", config.region(), "")
                .given("access_key", config.accessKey())
                .given("secret_key", form.secret(config.secretKey()))
                .given("profile", config.profile())
                .given("role_arn", config.roleArn())
                .given("external_id", config.externalId())
                .given(
                        "refresh_interval",
                        PrometheusTree.duration(config.refreshInterval()),
                        PrometheusTree.duration(Ec2DiscoveryConfig.DEFAULT_REFRESH_INTERVAL))
                .always("port", config.port(), Ec2DiscoveryConfig.DEFAULT_PORT)
                .always("filters", filters, List.of())
                .all(http.fields(config.httpClient()))
                .tree();
    }

    private Map<String, Object> kubernetes(KubernetesDiscoveryConfig config) {
        Fields fields = form.fields()
                .given("api_server", form.url(config.apiServer()))
                .put("role", config.role().text())
                .always("kubeconfig_file", config.kubeconfigFile(), "")
                .all(http.fields(config.httpClient()));
        if (config.ownNamespace() || !config.namespaces().isEmpty()) {
            fields.put(
                    "namespaces",
                    form.fields()
                            .put("own_namespace", config.ownNamespace())
                            .put("names", config.namespaces())
                            .tree());
        }
        List<Object> selectors = new ArrayList<>();
        config.selectors().forEach(selector -> selectors.add(selector(selector)));
        fields.given("selectors", selectors);
        if (!config.attachMetadata().equals(KubernetesAttachMetadata.NONE)) {
            fields.put("attach_metadata", attach(config.attachMetadata()));
        }
        return fields.tree();
    }

    private Map<String, Object> attach(KubernetesAttachMetadata attach) {
        return form.fields()
                .always("node", attach.node(), false)
                .always("namespace", attach.namespace(), false)
                .always("deployment", attach.deployment(), false)
                .always("job", attach.job(), false)
                .always("cronjob", attach.cronjob(), false)
                .tree();
    }

    private Map<String, Object> selector(KubernetesSelector selector) {
        return form.fields()
                .put("role", selector.role().text())
                .given("label", selector.label())
                .given("field", selector.field())
                .tree();
    }
}
