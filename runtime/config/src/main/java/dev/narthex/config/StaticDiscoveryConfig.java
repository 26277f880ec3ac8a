// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config;

import java.util.List;

/** {@code static_configs}: targets that are written down. */
public record StaticDiscoveryConfig(List<StaticTargets> groups) implements DiscoveryConfig {
    public StaticDiscoveryConfig {
        groups = List.copyOf(groups);
    }
}
