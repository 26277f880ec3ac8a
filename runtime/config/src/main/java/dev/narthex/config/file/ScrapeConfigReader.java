// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.file;

import dev.narthex.config.DiscoveryConfig;
import dev.narthex.config.GlobalConfig;
import dev.narthex.config.KubernetesDiscoveryConfig;
import dev.narthex.config.KubernetesRole;
import dev.narthex.config.KubernetesSelector;
import dev.narthex.config.ScrapeConfig;
import dev.narthex.config.StaticDiscoveryConfig;
import dev.narthex.config.StaticTargets;
import dev.narthex.config.yaml.MappingReader;
import dev.narthex.config.yaml.YamlNode;
import dev.narthex.model.Labels;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads an entry of {@code scrape_configs} (Prometheus documentation, "scrape_config"). */
final class ScrapeConfigReader {
    private static final List<String> SCHEMES = List.of("http", "https");
    private static final Set<String> UPSTREAM_ROLES =
            Set.of("node", "service", "endpoints", "endpointslice", "ingress");
    private static final Set<String> UPSTREAM = Set.of(
            "scrape_protocols",
            "fallback_scrape_protocol",
            "scrape_native_histograms",
            "always_scrape_classic_histograms",
            "convert_classic_histograms_to_nhcb",
            "track_timestamps_staleness",
            "enable_compression",
            "scrape_failure_log_file",
            "basic_auth",
            "authorization",
            "oauth2",
            "bearer_token",
            "bearer_token_file",
            "follow_redirects",
            "enable_http2",
            "tls_config",
            "proxy_url",
            "no_proxy",
            "proxy_from_environment",
            "proxy_connect_header",
            "http_headers",
            "label_limit",
            "label_name_length_limit",
            "label_value_length_limit",
            "target_limit",
            "keep_dropped_targets",
            "metric_name_validation_scheme",
            "metric_name_escaping_scheme",
            "native_histogram_bucket_limit",
            "native_histogram_min_bucket_factor",
            "extra_scrape_metrics",
            "aws_sd_configs",
            "azure_sd_configs",
            "consul_sd_configs",
            "digitalocean_sd_configs",
            "dns_sd_configs",
            "docker_sd_configs",
            "dockerswarm_sd_configs",
            "ec2_sd_configs",
            "eureka_sd_configs",
            "file_sd_configs",
            "gce_sd_configs",
            "hetzner_sd_configs",
            "http_sd_configs",
            "ionos_sd_configs",
            "kuma_sd_configs",
            "lightsail_sd_configs",
            "linode_sd_configs",
            "marathon_sd_configs",
            "nerve_sd_configs",
            "nomad_sd_configs",
            "oci_sd_configs",
            "openstack_sd_configs",
            "outscale_sd_configs",
            "ovhcloud_sd_configs",
            "puppetdb_sd_configs",
            "scaleway_sd_configs",
            "serverset_sd_configs",
            "stackit_sd_configs",
            "triton_sd_configs",
            "uyuni_sd_configs",
            "vultr_sd_configs");
    private static final Set<String> KUBERNETES_UPSTREAM = Set.of(
            "attach_metadata",
            "basic_auth",
            "authorization",
            "oauth2",
            "bearer_token",
            "bearer_token_file",
            "follow_redirects",
            "enable_http2",
            "tls_config",
            "proxy_url",
            "no_proxy",
            "proxy_from_environment",
            "proxy_connect_header",
            "http_headers");

    private ScrapeConfigReader() {}

    static ScrapeConfig read(MappingReader reader, GlobalConfig global) {
        String jobName = reader.required("job_name");
        Duration interval = ConfigValues.positiveDuration(reader, "scrape_interval", global.scrapeInterval());
        Duration timeout = reader.has("scrape_timeout")
                ? ConfigValues.positiveDuration(reader, "scrape_timeout", global.scrapeTimeout())
                : PrometheusReader.shorter(global.scrapeTimeout(), interval);
        if (timeout.compareTo(interval) > 0) {
            reader.report(
                    "scrape_timeout",
                    "is longer than the scrape interval of job \"" + jobName + "\"; give at most the interval");
        }
        String scheme = reader.string("scheme", ScrapeConfig.DEFAULT_SCHEME);
        if (!SCHEMES.contains(scheme)) {
            reader.report("scheme", "found \"" + scheme + "\"; http or https is expected");
        }
        ScrapeConfig scrapeConfig = new ScrapeConfig(
                jobName,
                interval,
                timeout,
                reader.string("metrics_path", ScrapeConfig.DEFAULT_METRICS_PATH),
                scheme,
                readParams(reader),
                reader.bool("honor_labels", false),
                reader.bool("honor_timestamps", true),
                (int) reader.integer("sample_limit", 0, 0, Integer.MAX_VALUE),
                ConfigValues.sizeBytes(reader, "body_size_limit"),
                readDiscoveries(reader),
                RelabelReader.read(reader, "relabel_configs"),
                RelabelReader.read(reader, "metric_relabel_configs"));
        reader.finish(UPSTREAM);
        return scrapeConfig;
    }

    private static Map<String, List<String>> readParams(MappingReader reader) {
        Map<String, List<String>> params = new LinkedHashMap<>();
        MappingReader inner = reader.mapping("params");
        for (YamlNode.Entry entry : reader.entries("params")) {
            params.put(entry.key(), inner.strings(entry.key()));
        }
        return params;
    }

    private static List<DiscoveryConfig> readDiscoveries(MappingReader reader) {
        List<DiscoveryConfig> discoveries = new ArrayList<>();
        for (MappingReader entry : reader.mappings("kubernetes_sd_configs")) {
            KubernetesDiscoveryConfig discovery = readKubernetes(entry);
            if (discovery != null) {
                discoveries.add(discovery);
            }
        }
        List<StaticTargets> groups = new ArrayList<>();
        for (MappingReader entry : reader.mappings("static_configs")) {
            List<String> targets = entry.strings("targets");
            for (int i = 0; i < targets.size(); i++) {
                if (targets.get(i).contains("/")) {
                    entry.report(
                            "targets",
                            "found \"" + targets.get(i)
                                    + "\"; an address without scheme and path, such as host:9090, is expected");
                }
            }
            Labels labels = ConfigValues.labels(entry, "labels");
            entry.finish();
            groups.add(new StaticTargets(targets, labels));
        }
        if (!groups.isEmpty()) {
            discoveries.add(new StaticDiscoveryConfig(groups));
        }
        return discoveries;
    }

    private static @Nullable KubernetesDiscoveryConfig readKubernetes(MappingReader reader) {
        KubernetesRole role = readRole(reader);
        MappingReader namespaces = reader.mapping("namespaces");
        boolean ownNamespace = namespaces.bool("own_namespace", false);
        List<String> names = namespaces.strings("names");
        namespaces.finish();
        List<KubernetesSelector> selectors = new ArrayList<>();
        for (MappingReader selector : reader.mappings("selectors")) {
            KubernetesRole selectorRole = readRole(selector);
            String label = selector.string("label", "");
            String field = selector.string("field", "");
            selector.finish();
            if (selectorRole != null) {
                selectors.add(new KubernetesSelector(selectorRole, label, field));
            }
        }
        String apiServer = reader.string("api_server", "");
        String kubeconfig = reader.string("kubeconfig_file", "");
        if (!apiServer.isEmpty() && !kubeconfig.isEmpty()) {
            reader.report("kubeconfig_file", "cannot stand beside api_server; give one of them");
        }
        if (!apiServer.isEmpty() && ownNamespace) {
            namespaces.report("own_namespace", "cannot be true with api_server; name the namespaces");
        }
        if (!kubeconfig.isEmpty() && ownNamespace) {
            namespaces.report("own_namespace", "cannot be true with kubeconfig_file; name the namespaces");
        }
        reader.finish(KUBERNETES_UPSTREAM);
        return role == null
                ? null
                : new KubernetesDiscoveryConfig(role, ownNamespace, names, selectors, apiServer, kubeconfig);
    }

    private static @Nullable KubernetesRole readRole(MappingReader reader) {
        String text = reader.required("role");
        for (KubernetesRole role : KubernetesRole.values()) {
            if (role.text().equals(text)) {
                return role;
            }
        }
        if (UPSTREAM_ROLES.contains(text)) {
            reader.report("role", "\"" + text + "\" is not supported by this version of Narthex; pod is");
        } else if (!text.isEmpty()) {
            reader.report("role", "found \"" + text + "\"; pod is expected");
        }
        return null;
    }
}
