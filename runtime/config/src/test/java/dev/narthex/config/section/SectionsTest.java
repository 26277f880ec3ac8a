// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.section;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narthex.config.ConfigException;
import dev.narthex.config.ReceiverConfig;
import dev.narthex.config.RouteConfig;
import dev.narthex.config.ScrapeConfig;
import dev.narthex.config.file.ConfigLoader;
import dev.narthex.config.file.ConfigWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SectionsTest {
    private final ConfigurationAssembler assembler = new ConfigurationAssembler(new ConfigLoader(name -> ""));

    private static ResourceSection section(String kind, String name, String yaml) {
        return new ResourceSection(new ResourceId(kind, "shop", name), 3, yaml);
    }

    private static ResourceSection target(String name) {
        ResourceId id = new ResourceId(ResourceId.SCRAPE_TARGET, "shop", name);
        return section(
                ResourceId.SCRAPE_TARGET, name, "scrape_configs: [{job_name: " + ResourceNames.job(id, 0) + "}]\n");
    }

    private static ResourceSection receiver(String name, int order) {
        String full = "shop/" + name;
        return section(
                ResourceId.RECEIVER,
                name,
                ConfigWriter.withSecrets()
                        .routing(order, RouteConfig.root(full), List.of(new ReceiverConfig(full, List.of()))));
    }

    @Test
    void bucketsComeBackAsTheyWerePackedAndAreTheSameBytes() throws ConfigException {
        List<ResourceSection> sections = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            sections.add(target("t" + i));
        }
        List<byte[]> buckets = SectionBuckets.pack(sections);
        List<ResourceSection> read = new ArrayList<>();
        for (byte[] bucket : buckets) {
            read.addAll(SectionBuckets.unpack(bucket, "bucket"));
        }
        assertThat(buckets).hasSize(SectionBuckets.COUNT);
        assertThat(read).containsExactlyInAnyOrderElementsOf(sections);
        Collections.reverse(sections);
        assertThat(SectionBuckets.pack(sections)).containsExactlyElementsOf(buckets);
        assertThat(SectionsHash.of(sections)).isEqualTo(SectionsHash.of(read)).hasSize(64);
    }

    @Test
    void oneChangeChangesOneBucket() {
        List<ResourceSection> sections = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            sections.add(target("t" + i));
        }
        List<byte[]> before = SectionBuckets.pack(sections);
        sections.set(7, section(ResourceId.SCRAPE_TARGET, "t7", "scrape_configs: []\n"));
        List<byte[]> after = SectionBuckets.pack(sections);
        int changed = 0;
        for (int i = 0; i < SectionBuckets.COUNT; i++) {
            changed += java.util.Arrays.equals(before.get(i), after.get(i)) ? 0 : 1;
        }
        assertThat(changed).isEqualTo(1);
    }

    @Test
    void bytesThatAreNoBucketAreRefused() {
        assertThatThrownBy(() -> SectionBuckets.unpack("x".getBytes(StandardCharsets.UTF_8), "Secret a/b"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("Secret a/b: not a gzip stream");
    }

    @Test
    void hashTellsTheGeneration() {
        ResourceSection before = target("a");
        ResourceSection after = new ResourceSection(before.id(), 4, before.yaml());
        assertThat(SectionsHash.of(List.of(after))).isNotEqualTo(SectionsHash.of(List.of(before)));
    }

    @Test
    void assemblesAllKindsWithReceiversInTheirOrder() {
        ConfigurationAssembler.Assembly assembly = assembler.assemble(
                List.of(
                        receiver("late", 5),
                        receiver("early", -1),
                        target("web"),
                        section(ResourceId.ALERT_RULE, "web", "groups: [{name: shop/web, rules: []}]"),
                        section(ResourceId.STORAGE_VOLUME, "main", "global: {scrape_interval: 20s}")),
                Map.of());
        assertThat(assembly.rejected()).isEmpty();
        assertThat(assembly.running()).hasSize(5);
        assertThat(assembly.configuration().alertmanager().route().routes())
                .extracting(RouteConfig::receiver)
                .containsExactly("shop/early", "shop/late");
        assertThat(assembly.configuration().prometheus().scrapeConfigs())
                .extracting(ScrapeConfig::jobName)
                .containsExactly("scrapeTarget/shop/web/0");
        assertThat(assembly.configuration().ruleGroups().getFirst().file()).isEqualTo("alertRule/shop/web");
        assertThat(assembly.configuration().prometheus().global().scrapeInterval())
                .hasSeconds(20);
    }

    @Test
    void badSectionLeavesItsFormerSelfAndTheOthersRunning() {
        ResourceSection former = target("web");
        ResourceSection bad =
                section(ResourceId.SCRAPE_TARGET, "web", "scrape_configs: [{job_name: x, honor_labels: maybe}]");
        ConfigurationAssembler.Assembly assembly =
                assembler.assemble(List.of(bad, target("other")), Map.of(former.id(), former));
        assertThat(assembly.running()).containsEntry(former.id(), former).hasSize(2);
        assertThat(assembly.rejected().get(former.id())).contains("true or false is expected");
        assertThat(assembly.configuration().prometheus().scrapeConfigs()).hasSize(2);
    }

    @Test
    void namesTellTheirResource() {
        ResourceId id = new ResourceId(ResourceId.SCRAPE_TARGET, "shop", "web");
        assertThat(ResourceNames.ofJob(ResourceNames.job(id, 2))).contains(id);
        assertThat(ResourceNames.ofJob("node")).isEmpty();
        ResourceId rule = new ResourceId(ResourceId.ALERT_RULE, "shop", "web");
        assertThat(ResourceNames.ofRuleFile(ResourceNames.ruleFile(rule))).contains(rule);
        assertThat(ResourceNames.ofReceiver("shop/web/child"))
                .contains(new ResourceId(ResourceId.RECEIVER, "shop", "web"));
    }
}
