// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narthex.config.AlertmanagerConfig;
import dev.narthex.config.ConfigException;
import dev.narthex.config.Configuration;
import dev.narthex.config.PrometheusConfig;
import dev.narthex.config.RuleGroupConfig;
import dev.narthex.config.file.ConfigLoader;
import dev.narthex.config.section.ConfigurationAssembler;
import dev.narthex.config.section.ResourceId;
import dev.narthex.config.section.ResourceNames;
import dev.narthex.config.section.ResourceSection;
import dev.narthex.config.section.SectionBuckets;
import dev.narthex.config.section.SectionsHash;
import dev.narthex.testkit.time.ManualClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationControlTest {
    private static final ResourceId TARGET = new ResourceId(ResourceId.SCRAPE_TARGET, "shop", "web");
    private static final ResourceId RULE = new ResourceId(ResourceId.ALERT_RULE, "shop", "web");
    private static final SortedMap<ResourceId, String> NONE = Collections.emptySortedMap();

    private final ManualClock clock = new ManualClock();
    private final List<Configuration> applied = new ArrayList<>();
    private final ConfigurationControl control = new ConfigurationControl(
            clock,
            new ConfigurationAssembler(new ConfigLoader(_ -> "")),
            group -> group.rules().getFirst().expr().contains("broken") ? List.of("1:1: parse error") : List.of(),
            List.of(applied::add));

    private static ResourceSection target(long generation, String address) {
        return new ResourceSection(
                TARGET,
                generation,
                "scrape_configs:\n- job_name: " + ResourceNames.job(TARGET, 0) + "\n  static_configs: [{targets: ['"
                        + address + "']}]\n");
    }

    private static ResourceSection rule(long generation, String expr) {
        return new ResourceSection(
                RULE,
                generation,
                "groups:\n- name: " + ResourceNames.group(RULE) + "\n  rules: [{alert: A, expr: '" + expr + "'}]\n");
    }

    @Test
    void putsSectionsToWorkAndTellsWhatRuns() {
        control.apply(List.of(target(1, "a:1"), rule(1, "up")), NONE);

        LoadedConfiguration loaded = control.loaded();
        assertThat(applied).hasSize(1);
        assertThat(loaded.configuration().ruleGroups()).hasSize(1);
        assertThat(loaded.hash()).isEqualTo(SectionsHash.of(List.of(target(1, "a:1"), rule(1, "up"))));
        assertThat(loaded.loadedAt()).isEqualTo(clock.instant());
        assertThat(loaded.rejected()).isEmpty();
    }

    @Test
    void disturbsNothingWhenTheSameComesAgain() {
        control.apply(List.of(target(1, "a:1")), NONE);
        Instant loadedAt = clock.instant();
        clock.advance(Duration.ofMinutes(1));
        control.apply(List.of(target(1, "a:1")), NONE);

        assertThat(applied).hasSize(1);
        assertThat(control.loaded().loadedAt()).isEqualTo(loadedAt);
    }

    @Test
    void keepsTheFormerVersionOfWhatIsRefused() {
        control.apply(List.of(target(1, "a:1"), rule(1, "up")), NONE);
        control.apply(List.of(target(2, "b:1"), rule(2, "broken")), NONE);

        LoadedConfiguration loaded = control.loaded();
        assertThat(loaded.running().get(RULE)).isEqualTo(rule(1, "up"));
        assertThat(loaded.running().get(TARGET)).isEqualTo(target(2, "b:1"));
        assertThat(loaded.rejected()).containsOnlyKeys(RULE).containsValue("1:1: parse error");
        assertThat(loaded.read().get(RULE)).isEqualTo(rule(2, "broken"));
        assertThat(loaded.configuration()
                        .ruleGroups()
                        .getFirst()
                        .rules()
                        .getFirst()
                        .expr())
                .isEqualTo("up");
    }

    @Test
    void leavesOutWhatIsRefusedAndNeverRan() {
        control.apply(List.of(rule(1, "broken"), new ResourceSection(TARGET, 1, "scrape_configs: 5")), NONE);

        assertThat(control.loaded().running()).isEmpty();
        assertThat(control.loaded().rejected()).containsOnlyKeys(RULE, TARGET);
    }

    @Test
    void tellsOfRefusalsThatNeverBecameASection() {
        control.apply(List.of(target(1, "a:1")), NONE);
        control.apply(List.of(target(1, "a:1")), new TreeMap<>(Map.of(RULE, "no")));

        assertThat(control.loaded().rejected()).containsEntry(RULE, "no");
        assertThat(applied).hasSize(1);
    }

    @Test
    void refusesFilesWithRulesThatCannotRun() throws ConfigException {
        List<RuleGroupConfig> groups =
                new ConfigLoader(_ -> "").rules("groups: [{name: g, rules: [{alert: A, expr: broken}]}]", "r.yml");
        Configuration configuration = new Configuration(PrometheusConfig.EMPTY, groups, AlertmanagerConfig.EMPTY);

        assertThatThrownBy(() -> control.apply(configuration))
                .isInstanceOf(ConfigException.class)
                .hasMessage("r.yml: 1:1: parse error");
        assertThat(applied).isEmpty();
    }

    @Test
    void loadsBucketsOnceTheyAreComplete() {
        BucketLoader loader = new BucketLoader("main", control);
        Map<String, byte[]> buckets = new HashMap<>();
        List<byte[]> packed = SectionBuckets.pack(List.of(target(1, "a:1"), rule(1, "up")));
        for (int i = 0; i < packed.size() - 1; i++) {
            buckets.put("main-config-" + i, packed.get(i));
        }
        assertThat(loader.load(buckets)).isFalse();
        assertThat(control.loaded().loadedAt()).isNull();
        assertThat(control.loaded().error()).isEmpty();

        buckets.put("main-config-15", packed.getLast());
        assertThat(loader.load(buckets)).isTrue();
        assertThat(control.loaded().running()).containsOnlyKeys(TARGET, RULE);

        buckets.remove("main-config-3");
        assertThat(loader.load(buckets)).isFalse();
        assertThat(control.loaded().error()).contains("main-config-3");
        assertThat(control.loaded().running()).containsOnlyKeys(TARGET, RULE);

        buckets.put("main-config-3", "no gzip".getBytes(StandardCharsets.UTF_8));
        assertThat(loader.load(buckets)).isFalse();
        assertThat(control.loaded().error()).contains("Secret main-config-3").contains("gzip");

        buckets.put("main-config-3", packed.get(3));
        assertThat(loader.load(buckets)).isTrue();
        assertThat(control.loaded().isGood()).isTrue();
    }

    @Test
    void loadsAMountedCopy(@TempDir Path directory) throws Exception {
        BucketLoader loader = new BucketLoader("main", control);
        List<byte[]> packed = SectionBuckets.pack(List.of(target(1, "a:1")));
        for (int i = 0; i < packed.size(); i++) {
            Files.write(directory.resolve("main-config-" + i), packed.get(i));
        }

        assertThat(loader.load(directory)).isTrue();
        assertThat(control.loaded().running()).containsOnlyKeys(TARGET);
    }
}
