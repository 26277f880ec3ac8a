// SPDX-License-Identifier: Apache-2.0
package dev.narthex.discovery.fixed;

import dev.narthex.config.StaticDiscoveryConfig;
import dev.narthex.config.StaticTargets;
import dev.narthex.discovery.Discoverer;
import dev.narthex.discovery.TargetGroup;
import dev.narthex.model.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Sends the targets of {@code static_configs} once: a group an entry, its source the entry's number from 0. */
public final class StaticDiscoverer implements Discoverer {
    private static final String ADDRESS = "__address__";

    private final List<TargetGroup> groups;

    public StaticDiscoverer(StaticDiscoveryConfig config) {
        List<TargetGroup> all = new ArrayList<>();
        for (StaticTargets entry : config.groups()) {
            List<Labels> targets = entry.targets().stream()
                    .map(address -> Labels.of(ADDRESS, address))
                    .toList();
            all.add(new TargetGroup(Integer.toString(all.size()), entry.labels(), targets));
        }
        groups = List.copyOf(all);
    }

    @Override
    public void start(Consumer<List<TargetGroup>> sink) {
        sink.accept(groups);
    }

    @Override
    public void close() {}
}
