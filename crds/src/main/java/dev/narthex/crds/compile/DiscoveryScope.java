// SPDX-License-Identifier: Apache-2.0
package dev.narthex.crds.compile;

import dev.narthex.config.DiscoveryConfig;
import dev.narthex.config.DnsDiscoveryConfig;
import dev.narthex.config.Ec2DiscoveryConfig;
import dev.narthex.config.FileDiscoveryConfig;
import dev.narthex.config.ForeignDiscoveryConfig;
import dev.narthex.config.HttpDiscoveryConfig;
import dev.narthex.config.KubernetesDiscoveryConfig;
import dev.narthex.config.ScrapeConfig;
import dev.narthex.config.StaticDiscoveryConfig;
import java.util.Collection;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Where a runtime looks for pods, and so what it must be allowed to read.
 *
 * @param allNamespaces whether it looks everywhere
 * @param namespaces where it looks otherwise; empty with {@code allNamespaces}
 */
public record DiscoveryScope(boolean allNamespaces, SortedSet<String> namespaces) {
    /** A runtime that looks for no pods. */
    public static final DiscoveryScope NONE = new DiscoveryScope(false, Collections.emptySortedSet());

    public DiscoveryScope {
        namespaces = Collections.unmodifiableSortedSet(allNamespaces ? new TreeSet<>() : new TreeSet<>(namespaces));
    }

    /** What scrape configurations need. */
    static DiscoveryScope of(Collection<ScrapeConfig> configs) {
        boolean all = false;
        SortedSet<String> namespaces = new TreeSet<>();
        for (ScrapeConfig config : configs) {
            for (DiscoveryConfig discovery : config.discoveries()) {
                switch (discovery) {
                    case KubernetesDiscoveryConfig kubernetes -> {
                        all |= kubernetes.namespaces().isEmpty();
                        namespaces.addAll(kubernetes.namespaces());
                    }
                    case StaticDiscoveryConfig _,
                            FileDiscoveryConfig _,
                            HttpDiscoveryConfig _,
                            DnsDiscoveryConfig _,
                            Ec2DiscoveryConfig _,
                            ForeignDiscoveryConfig _ -> {
                        // Needs no right.
                    }
                }
            }
        }
        return new DiscoveryScope(all, namespaces);
    }

    /** Both. */
    DiscoveryScope plus(DiscoveryScope other) {
        SortedSet<String> both = new TreeSet<>(namespaces);
        both.addAll(other.namespaces);
        return new DiscoveryScope(allNamespaces || other.allNamespaces, both);
    }
}
