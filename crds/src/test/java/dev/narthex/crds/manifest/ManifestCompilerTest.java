// SPDX-License-Identifier: Apache-2.0
package dev.narthex.crds.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.config.section.ResourceId;
import dev.narthex.config.section.ResourceSection;
import dev.narthex.crds.compile.ExpressionCheck;
import dev.narthex.crds.manifest.ManifestCompiler.Outcome;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ManifestCompilerTest {
    private static final String VOLUME = """
            apiVersion: monitoring.narthex.dev/v1alpha1
            kind: StorageVolume
            metadata: {name: VOLUME_NAME, namespace: shop}
            spec: {size: 1Gi, retention: {time: 7d}}
            ---
            """;

    private static final String RULE = """
            apiVersion: monitoring.narthex.dev/v1alpha1
            kind: AlertRule
            metadata: {name: web, namespace: shop}
            spec: {rules: [{alert: Down, expr: 'EXPRESSION'}]}
            """;

    private final ManifestCompiler compiler = new ManifestCompiler(
            text -> text.equals("broken") ? Optional.of("1:1: parse error") : Optional.empty(), ExpressionCheck.NONE);

    private static String volume(String name) {
        return VOLUME.replace("VOLUME_NAME", name);
    }

    private static String rule(String expression) {
        return RULE.replace("EXPRESSION", expression);
    }

    private Outcome compile(String text, Map<ResourceId, ResourceSection> former) {
        return compiler.compile(new TreeMap<>(Map.of("shop.yaml", text)), former);
    }

    @Test
    void compilesOneFolderForItsStorageVolume() {
        Outcome outcome = compile(volume("main") + rule("up"), Map.of());

        assertThat(outcome.storageVolume()).isEqualTo(new ResourceId(ResourceId.STORAGE_VOLUME, "shop", "main"));
        assertThat(outcome.retentionTime()).isEqualTo("7d");
        assertThat(outcome.sections()).hasSize(2);
        assertThat(outcome.notes()).isEmpty();
    }

    @Test
    void hasAStorageVolumeOfItsOwnWhereThereIsNone() {
        Outcome outcome = compile(rule("up").replace("shop", "default"), Map.of());

        assertThat(outcome.storageVolume().toString()).isEqualTo("StorageVolume default/main");
        assertThat(outcome.retentionTime()).isEmpty();
        assertThat(outcome.sections()).hasSize(2);
    }

    @Test
    void takesTheFirstOfManyStorageVolumesAndSaysSo() {
        Outcome outcome = compile(volume("b") + volume("a"), Map.of());

        assertThat(outcome.storageVolume().name()).isEqualTo("a");
        assertThat(outcome.notes()).singleElement().asString().startsWith("passed over  StorageVolume shop/b: one");
    }

    @Test
    void keepsWhatRanOfARefusedResourceAndSaysWhy() {
        SortedMap<ResourceId, ResourceSection> former = new TreeMap<>();
        compile(volume("main") + rule("up"), Map.of()).sections().forEach(section -> former.put(section.id(), section));

        Outcome outcome = compile(volume("main") + rule("broken"), former);

        assertThat(outcome.sections()).containsExactlyElementsOf(former.values());
        assertThat(outcome.notes())
                .singleElement()
                .asString()
                .contains("refused  AlertRule shop/web: spec.rules[0].expr: 1:1: parse error")
                .endsWith("(the former version goes on)");
    }

    @Test
    void saysWhatItDoesNotRead() {
        Outcome outcome = compile("apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n", Map.of());

        assertThat(outcome.notes()).singleElement().asString().startsWith("passed over  shop.yaml:1");
    }
}
