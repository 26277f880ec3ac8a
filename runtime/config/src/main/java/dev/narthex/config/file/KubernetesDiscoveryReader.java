// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.file;

import dev.narthex.config.DiscoveryConfig;
import dev.narthex.config.HttpClientConfig;
import dev.narthex.config.KubernetesAttachMetadata;
import dev.narthex.config.KubernetesDiscoveryConfig;
import dev.narthex.config.KubernetesRole;
import dev.narthex.config.KubernetesSelector;
import dev.narthex.config.TlsConfig;
import dev.narthex.config.yaml.MappingReader;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads an entry of {@code kubernetes_sd_configs} (Prometheus documentation, "kubernetes_sd_config"). */
final class KubernetesDiscoveryReader {
    private final HttpClientReader http;
    private final ReaderContext context;

    KubernetesDiscoveryReader(HttpClientReader http, ReaderContext context) {
        this.http = http;
        this.context = context;
    }

    /** Reads one entry and adds it, unless it has no role to speak of. */
    void read(MappingReader reader, List<DiscoveryConfig> discoveries) {
        KubernetesRole role = readRole(reader);
        MappingReader namespaces = reader.mapping("namespaces");
        boolean ownNamespace = namespaces.bool("own_namespace", false);
        List<String> names = namespaces.strings("names");
        namespaces.finish();
        List<KubernetesSelector> selectors = readSelectors(reader, role);
        ConfigValues.checkUrl(reader, "api_server");
        String apiServer = reader.string("api_server", "");
        String kubeconfig = context.path(reader, "kubeconfig_file");
        HttpClientConfig client = http.readOfOnePlace(reader);
        checkAccess(reader, apiServer, kubeconfig, isCustom(reader, client));
        if (ownNamespace && !(apiServer.isEmpty() && kubeconfig.isEmpty())) {
            String beside = apiServer.isEmpty() ? "kubeconfig_file" : "api_server";
            namespaces.report("own_namespace", "cannot be true with " + beside + "; name the namespaces");
        }
        KubernetesAttachMetadata attach = readAttach(reader.mapping("attach_metadata"));
        if (role != null) {
            KubernetesDiscoveryConfig config = new KubernetesDiscoveryConfig(
                    role, ownNamespace, names, selectors, apiServer, kubeconfig, attach, client);
            SupportedByThisBuild.kubernetes(reader, config);
            discoveries.add(config);
        }
        reader.finish();
    }

    private static void checkAccess(MappingReader reader, String apiServer, String kubeconfig, boolean customHttp) {
        if (!apiServer.isEmpty() && !kubeconfig.isEmpty()) {
            reader.report("kubeconfig_file", "cannot stand beside api_server; give one of them");
        } else if (customHttp && !kubeconfig.isEmpty()) {
            reader.report("kubeconfig_file", "cannot stand beside options of the HTTP client; the file holds these");
        } else if (customHttp && apiServer.isEmpty()) {
            reader.report("api_server", "is missing; options of the HTTP client need the URL of the API server too");
        }
    }

    /** Whether the client is anything but the default one; an empty header list or proxy URL counts, as in Prometheus. */
    private static boolean isCustom(MappingReader reader, HttpClientConfig client) {
        HttpClientConfig plain = TlsConfig.DEFAULT.equals(client.tls())
                ? new HttpClientConfig(
                        client.basicAuth(),
                        client.authorization(),
                        client.oauth2(),
                        null,
                        client.proxy(),
                        client.followRedirects(),
                        client.enableHttp2(),
                        client.headers())
                : client;
        return !plain.equals(HttpClientConfig.DEFAULT)
                || reader.has("http_headers")
                || reader.has("proxy_url")
                || reader.has("proxy_connect_header");
    }

    private static KubernetesAttachMetadata readAttach(MappingReader reader) {
        KubernetesAttachMetadata attach = new KubernetesAttachMetadata(
                reader.bool("node", false),
                reader.bool("namespace", false),
                reader.bool("deployment", false),
                reader.bool("job", false),
                reader.bool("cronjob", false));
        reader.finish();
        return attach;
    }

    private static List<KubernetesSelector> readSelectors(MappingReader reader, @Nullable KubernetesRole role) {
        List<KubernetesSelector> selectors = new ArrayList<>();
        Set<KubernetesRole> seen = EnumSet.noneOf(KubernetesRole.class);
        for (MappingReader selector : reader.mappings("selectors")) {
            KubernetesRole selectorRole = readRole(selector);
            String label = selector.string("label", "");
            String field = selector.string("field", "");
            check(selector, "label", () -> KubernetesSelectorSyntax.checkLabels(label));
            check(selector, "field", () -> KubernetesSelectorSyntax.checkFields(field));
            if (selectorRole != null) {
                if (role != null && !accepted(role).contains(selectorRole)) {
                    String names =
                            accepted(role).stream().map(KubernetesRole::text).collect(Collectors.joining(", "));
                    selector.report(
                            "role",
                            "found \"" + selectorRole.text() + "\"; with role " + role.text() + ", " + names
                                    + " is expected");
                }
                if (!seen.add(selectorRole)) {
                    selector.report("role", "\"" + selectorRole.text() + "\" has a selector already; merge the two");
                }
                selectors.add(new KubernetesSelector(selectorRole, label, field));
            }
            selector.finish();
        }
        return selectors;
    }

    private static void check(MappingReader reader, String field, Runnable check) {
        try {
            check.run();
        } catch (IllegalArgumentException e) {
            reader.report(field, "is no selector: " + e.getMessage());
        }
    }

    /** Which objects a role looks at. */
    private static List<KubernetesRole> accepted(KubernetesRole role) {
        return switch (role) {
            case POD -> List.of(KubernetesRole.POD, KubernetesRole.NODE);
            case ENDPOINTS -> List.of(KubernetesRole.POD, KubernetesRole.SERVICE, KubernetesRole.ENDPOINTS);
            case ENDPOINT_SLICE -> List.of(KubernetesRole.POD, KubernetesRole.SERVICE, KubernetesRole.ENDPOINT_SLICE);
            case SERVICE, NODE, INGRESS -> List.of(role);
        };
    }

    private static @Nullable KubernetesRole readRole(MappingReader reader) {
        if (!reader.has("role")) {
            reader.required("role");
            return null;
        }
        String text = reader.string("role", "");
        for (KubernetesRole role : KubernetesRole.values()) {
            if (role.text().equals(text)) {
                return role;
            }
        }
        ConfigValues.oneOf(reader, "role", KubernetesRole.POD, List.of(KubernetesRole.values()), KubernetesRole::text);
        return null;
    }
}
