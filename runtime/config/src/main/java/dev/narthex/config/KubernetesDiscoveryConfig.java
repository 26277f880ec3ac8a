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
 */
public record KubernetesDiscoveryConfig(
        KubernetesRole role,
        boolean ownNamespace,
        List<String> namespaces,
        List<KubernetesSelector> selectors,
        String apiServer,
        String kubeconfigFile)
        implements DiscoveryConfig {
    public KubernetesDiscoveryConfig {
        namespaces = List.copyOf(namespaces);
        selectors = List.copyOf(selectors);
    }
}
