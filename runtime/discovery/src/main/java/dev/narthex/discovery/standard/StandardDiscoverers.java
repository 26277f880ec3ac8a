// SPDX-License-Identifier: Apache-2.0
package dev.narthex.discovery.standard;

import dev.narthex.config.DiscoveryConfig;
import dev.narthex.config.DnsDiscoveryConfig;
import dev.narthex.config.Ec2DiscoveryConfig;
import dev.narthex.config.FileDiscoveryConfig;
import dev.narthex.config.ForeignDiscoveryConfig;
import dev.narthex.config.HttpDiscoveryConfig;
import dev.narthex.config.KubernetesDiscoveryConfig;
import dev.narthex.config.StaticDiscoveryConfig;
import dev.narthex.discovery.Discoverer;
import dev.narthex.discovery.DiscovererFactory;
import dev.narthex.discovery.fixed.StaticDiscoverer;
import dev.narthex.discovery.kubernetes.KubernetesDiscoverers;

/** Makes a discoverer of every mechanism that a configuration can name. Close it after those it has made. */
public final class StandardDiscoverers implements DiscovererFactory, AutoCloseable {
    private final KubernetesDiscoverers kubernetes = new KubernetesDiscoverers();

    @Override
    public Discoverer create(DiscoveryConfig config) {
        return switch (config) {
            case StaticDiscoveryConfig fixed -> new StaticDiscoverer(fixed);
            case KubernetesDiscoveryConfig cluster -> kubernetes.create(cluster);
            case FileDiscoveryConfig _,
                    HttpDiscoveryConfig _,
                    DnsDiscoveryConfig _,
                    Ec2DiscoveryConfig _,
                    ForeignDiscoveryConfig _ ->
                throw new IllegalArgumentException(
                        "the loader refuses what this version cannot discover, found " + config);
        };
    }

    @Override
    public void close() {
        kubernetes.close();
    }
}
