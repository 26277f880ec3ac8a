// SPDX-License-Identifier: Apache-2.0
package dev.narthex.discovery;

import dev.narthex.config.DiscoveryConfig;
import dev.narthex.config.KubernetesDiscoveryConfig;
import dev.narthex.config.StaticDiscoveryConfig;
import dev.narthex.discovery.fixed.StaticDiscoverer;

/** Makes a discoverer of every mechanism that a configuration can name. */
public final class StandardDiscoverers implements DiscovererFactory {
    @Override
    public Discoverer create(DiscoveryConfig config) {
        return switch (config) {
            case StaticDiscoveryConfig fixed -> new StaticDiscoverer(fixed);
            case KubernetesDiscoveryConfig kubernetes ->
                throw new IllegalArgumentException("kubernetes_sd_configs: not built in yet, found role "
                        + kubernetes.role().text());
        };
    }
}
