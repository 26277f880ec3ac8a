// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config;

import java.util.List;

/**
 * One entry of {@code kubernetes_sd_configs}.
 *
 * @param ownNamespace whether the namespace that the runtime runs in is among the namespaces
 * @param namespaces the namespaces to look in; all where this is empty and {@code ownNamespace} is false
 * @param selectors label and field selectors
 * @param apiServer URL of the API server; empty for that of the cluster the runtime runs in
 * @param kubeconfigFile path of a kubeconfig file; empty where there is none
 * @param httpClient how to talk to {@code apiServer}
 */
public record KubernetesDiscoveryConfig(
        KubernetesRole role,
        boolean ownNamespace,
        List<String> namespaces,
        List<KubernetesSelector> selectors,
        String apiServer,
        String kubeconfigFile,
        KubernetesAttachMetadata attachMetadata,
        HttpClientConfig httpClient)
        implements DiscoveryConfig {
    public KubernetesDiscoveryConfig {
        namespaces = List.copyOf(namespaces);
        selectors = List.copyOf(selectors);
    }

    /** A discovery that attaches nothing and talks as the kubeconfig file or the cluster says. */
    public KubernetesDiscoveryConfig(
            KubernetesRole role,
            boolean ownNamespace,
            List<String> namespaces,
            List<KubernetesSelector> selectors,
            String apiServer,
            String kubeconfigFile) {
        this(
                role,
                ownNamespace,
                namespaces,
                selectors,
                apiServer,
                kubeconfigFile,
                KubernetesAttachMetadata.NONE,
                HttpClientConfig.DEFAULT);
    }
}
