// SPDX-License-Identifier: Apache-2.0
package dev.narthex.discovery.fixed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.config.StaticDiscoveryConfig;
import dev.narthex.config.StaticTargets;
import dev.narthex.discovery.TargetGroup;
import dev.narthex.model.Labels;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StaticDiscovererTest {
    @Test
    void sendsAllGroupsOnce() {
        List<List<TargetGroup>> updates = new ArrayList<>();
        try (StaticDiscoverer discoverer = new StaticDiscoverer(new StaticDiscoveryConfig(List.of(
                new StaticTargets(List.of("a:1", "b:2"), Labels.of("x", "y")),
                new StaticTargets(List.of("c:3"), Labels.EMPTY))))) {
            discoverer.start(updates::add);
        }
        assertThat(updates)
                .containsExactly(List.of(
                        new TargetGroup(
                                "0",
                                Labels.of("x", "y"),
                                List.of(Labels.of("__address__", "a:1"), Labels.of("__address__", "b:2"))),
                        new TargetGroup("1", Labels.EMPTY, List.of(Labels.of("__address__", "c:3")))));
    }
}
