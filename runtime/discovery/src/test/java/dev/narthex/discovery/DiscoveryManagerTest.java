// SPDX-License-Identifier: Apache-2.0
package dev.narthex.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.config.DiscoveryConfig;
import dev.narthex.config.StaticDiscoveryConfig;
import dev.narthex.config.StaticTargets;
import dev.narthex.model.Labels;
import dev.narthex.testkit.time.ManualScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class DiscoveryManagerTest {
    private final ManualScheduler scheduler = new ManualScheduler();
    private final Map<DiscoveryConfig, FakeDiscoverer> made = new HashMap<>();
    private final List<String> updates = new ArrayList<>();
    private final DiscoveryManager manager = new DiscoveryManager(scheduler, this::make);

    /** Sends what a test tells it to. */
    private static final class FakeDiscoverer implements Discoverer {
        private Consumer<List<TargetGroup>> sink = _ -> {};
        private boolean started;
        private boolean closed;

        @Override
        public void start(Consumer<List<TargetGroup>> newSink) {
            sink = newSink;
            started = true;
        }

        void send(TargetGroup... groups) {
            sink.accept(List.of(groups));
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private Discoverer make(DiscoveryConfig config) {
        if (config.equals(config("broken"))) {
            throw new IllegalArgumentException("broken");
        }
        FakeDiscoverer discoverer = new FakeDiscoverer();
        made.put(config, discoverer);
        return discoverer;
    }

    private static DiscoveryConfig config(String name) {
        return new StaticDiscoveryConfig(List.of(new StaticTargets(List.of(name), Labels.EMPTY)));
    }

    private FakeDiscoverer discoverer(String name) {
        FakeDiscoverer discoverer = made.get(config(name));
        assertThat(discoverer).isNotNull();
        return Objects.requireNonNull(discoverer);
    }

    private static TargetGroup group(String source, String... addresses) {
        List<Labels> targets = new ArrayList<>();
        for (String address : addresses) {
            targets.add(Labels.of("__address__", address));
        }
        return new TargetGroup(source, Labels.EMPTY, targets);
    }

    private void apply(Map<String, List<DiscoveryConfig>> configs) {
        manager.apply(configs, (pool, groups) -> {
            List<String> addresses = new ArrayList<>();
            groups.forEach(group -> group.targets().forEach(target -> addresses.add(target.getOrEmpty("__address__"))));
            updates.add(pool + addresses);
        });
    }

    @Test
    void passesOnWholeGroupsOfAllDiscoverersOfAPool() {
        apply(Map.of("p", List.of(config("x"), config("y"))));
        assertThat(updates).containsExactly("p[]");
        discoverer("x").send(group("1", "a", "b"), group("2", "c"));
        scheduler.runDue();
        scheduler.advance(Duration.ofSeconds(1));
        discoverer("y").send(group("1", "d"));
        scheduler.advance(Duration.ofSeconds(1));
        discoverer("x").send(group("1", "e"), TargetGroup.gone("2"));
        scheduler.advance(Duration.ofSeconds(1));
        assertThat(updates).containsExactly("p[]", "p[a, b, c]", "p[a, b, c, d]", "p[e, d]");
        assertThat(manager.counts().discoveredTargets()).containsEntry("p", 2);
        assertThat(manager.counts().receivedUpdates()).isEqualTo(3);
    }

    @Test
    void gathersTheUpdatesOfASecond() {
        apply(Map.of("p", List.of(config("x"))));
        scheduler.advance(Duration.ofSeconds(5));
        updates.clear();
        for (int i = 0; i < 100; i++) {
            discoverer("x").send(group("1", "a" + i));
            scheduler.advance(Duration.ofMillis(20));
        }
        scheduler.advance(Duration.ofSeconds(1));
        assertThat(updates).containsExactly("p[a0]", "p[a49]", "p[a99]");
    }

    @Test
    void letsEqualConfigurationsShareADiscoverer() {
        apply(Map.of("p", List.of(config("x"), config("x")), "q", List.of(config("x"))));
        assertThat(made).hasSize(1);
        updates.clear();
        scheduler.advance(Duration.ofSeconds(1));
        discoverer("x").send(group("1", "a"));
        scheduler.runDue();
        assertThat(updates).containsExactlyInAnyOrder("p[a]", "q[a]");
    }

    @Test
    void leavesDiscoverersAloneThatANewConfigurationStillHas() {
        apply(Map.of("p", List.of(config("x"), config("y"))));
        FakeDiscoverer x = discoverer("x");
        FakeDiscoverer y = discoverer("y");
        x.send(group("1", "a"));
        scheduler.advance(Duration.ofSeconds(2));
        updates.clear();
        apply(Map.of("p", List.of(config("x"), config("y"))));
        assertThat(updates).isEmpty();
        apply(Map.of("q", List.of(config("x"))));
        assertThat(updates).containsExactly("q[a]");
        assertThat(discoverer("x")).isSameAs(x);
        assertThat(x.closed).isFalse();
        assertThat(y.closed).isTrue();
        updates.clear();
        y.send(group("1", "late"));
        scheduler.advance(Duration.ofSeconds(2));
        assertThat(updates).isEmpty();
    }

    @Test
    void goesOnWithoutADiscovererThatCannotBeMade() {
        apply(Map.of("p", List.of(config("broken"), config("x"))));
        discoverer("x").send(group("1", "a"));
        scheduler.advance(Duration.ofSeconds(1));
        assertThat(updates).last().isEqualTo("p[a]");
        assertThat(manager.counts().failedConfigs()).isEqualTo(1);
    }

    @Test
    void sendsNothingAfterClose() {
        apply(Map.of("p", List.of(config("x"))));
        FakeDiscoverer x = discoverer("x");
        assertThat(x.started).isTrue();
        updates.clear();
        manager.close();
        x.send(group("1", "a"));
        scheduler.advance(Duration.ofSeconds(5));
        assertThat(x.closed).isTrue();
        assertThat(updates).isEmpty();
    }
}
