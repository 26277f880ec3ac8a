// SPDX-License-Identifier: Apache-2.0
package dev.narthex.discovery.kubernetes;

import dev.narthex.config.KubernetesDiscoveryConfig;
import dev.narthex.discovery.Discoverer;
import dev.narthex.discovery.DiscoveryMetrics;
import java.util.HashMap;
import java.util.Map;

/** Makes the discoverers of {@code kubernetes_sd_configs}; those of the same API server share their connections. */
public final class KubernetesDiscoverers implements AutoCloseable {
    private final Map<Address, KubernetesAccess> accesses = new HashMap<>();
    private final DiscoveryMetrics metrics;

    /** @param metrics counts events and failures */
    public KubernetesDiscoverers(DiscoveryMetrics metrics) {
        this.metrics = metrics;
    }

    private record Address(String apiServer, String kubeconfigFile) {}

    /**
     * Makes a discoverer that has not connected yet.
     *
     * @throws IllegalArgumentException when a selector is not valid
     */
    public synchronized Discoverer create(KubernetesDiscoveryConfig config) {
        KubernetesAccess access = accesses.computeIfAbsent(
                new Address(config.apiServer(), config.kubeconfigFile()),
                address -> KubernetesAccess.of(address.apiServer(), address.kubeconfigFile()));
        return switch (config.role()) {
            case POD -> new PodDiscoverer(access, config, metrics);
            case NODE, SERVICE, ENDPOINTS, ENDPOINT_SLICE, INGRESS ->
                throw new IllegalArgumentException("the loader refuses what this version cannot discover, found role "
                        + config.role().text());
        };
    }

    @Override
    public synchronized void close() {
        accesses.values().forEach(KubernetesAccess::close);
        accesses.clear();
    }
}
