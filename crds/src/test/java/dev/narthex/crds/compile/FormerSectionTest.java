// SPDX-License-Identifier: Apache-2.0
package dev.narthex.crds.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.config.section.ResourceId;
import dev.narthex.config.section.ResourceSection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What ran before goes on running while a resource is invalid, and disturbs nobody. */
class FormerSectionTest {
    private static final ResourceId WEB = new ResourceId(ResourceId.ALERT_RULE, "shop", "web");
    private static final ResourceId OTHER = new ResourceId(ResourceId.ALERT_RULE, "shop", "other");

    private static String rules(String webExpr) {
        return Compilation.VOLUME + """
                ---
                apiVersion: monitoring.narthex.dev/v1alpha1
                kind: AlertRule
                metadata: {name: web, namespace: shop}
                spec: {rules: [{record: a, expr: %s}]}
                ---
                apiVersion: monitoring.narthex.dev/v1alpha1
                kind: AlertRule
                metadata: {name: other, namespace: shop}
                spec: {rules: [{record: b, expr: up}]}
                """.replace("%s", webExpr);
    }

    @Test
    void badEditKeepsTheFormerSection() {
        Map<ResourceId, ResourceSection> good =
                Compilation.byId(Compilation.compile(rules("up")).sections());
        CompileResult bad = Compilation.compile(Compilation.input(rules("BAD"), good));
        assertThat(Compilation.byId(bad.sections())).isEqualTo(good);
        assertThat(bad.verdicts().get(WEB))
                .isInstanceOfSatisfying(
                        Verdict.Rejected.class,
                        rejected -> assertThat(rejected.formerRuns()).isTrue());
        assertThat(bad.verdicts().get(OTHER)).isEqualTo(new Verdict.Accepted(1));
    }

    @Test
    void deletedResourceLeavesNothing() {
        Map<ResourceId, ResourceSection> good =
                Compilation.byId(Compilation.compile(rules("up")).sections());
        CompileResult without = Compilation.compile(Compilation.input(Compilation.VOLUME, good));
        assertThat(without.sections()).extracting(ResourceSection::id).containsExactly(volume());
    }

    @Test
    void unreadableResourceKeepsTheFormerSection() {
        Map<ResourceId, ResourceSection> good =
                Compilation.byId(Compilation.compile(rules("up")).sections());
        CompileInput input = Compilation.input(Compilation.VOLUME);
        CompileResult result = Compilation.compile(new CompileInput(
                input.storageVolume(),
                List.of(),
                List.of(),
                List.of(),
                Map.of(),
                Map.of(),
                Map.of(WEB, new FieldProblem("spec.rulez", "unknown field")),
                good));
        assertThat(result.sections()).extracting(ResourceSection::id).containsExactly(WEB, volume());
        assertThat(result.verdicts().get(WEB))
                .isInstanceOfSatisfying(
                        Verdict.Rejected.class,
                        rejected -> assertThat(rejected.message()).isEqualTo("spec.rulez: unknown field"));
    }

    @Test
    void formerSectionEndsWithTheConsentItNeeded() {
        String target = """
                ---
                apiVersion: monitoring.narthex.dev/v1alpha1
                kind: ScrapeTarget
                metadata: {name: hosts, namespace: shop}
                spec: {static: {addresses: ['10.0.0.1:9100']}}
                """;
        String consenting = """
                apiVersion: monitoring.narthex.dev/v1alpha1
                kind: StorageVolume
                metadata: {name: main, namespace: monitoring}
                spec: {size: 1Gi, select: {scrapeTargets: {externalFrom: {any: true}}}}
                """;
        CompileResult allowed = Compilation.compile(consenting + target);
        assertThat(allowed.sections()).hasSize(2);
        CompileResult revoked = Compilation.compile(
                Compilation.input(Compilation.VOLUME + target, Compilation.byId(allowed.sections())));
        assertThat(revoked.sections()).extracting(ResourceSection::id).containsExactly(volume());
    }

    @Test
    void badStorageVolumeKeepsItsFormerSection() {
        Map<ResourceId, ResourceSection> good =
                Compilation.byId(Compilation.compile(Compilation.VOLUME).sections());
        CompileResult bad = Compilation.compile(
                Compilation.input(Compilation.VOLUME.replace("size: 1Gi", "size: 1Gi, scrapeInterval: '0'"), good));
        assertThat(Compilation.byId(bad.sections())).isEqualTo(good);
        assertThat(bad.verdicts().get(volume()))
                .isInstanceOfSatisfying(
                        Verdict.Rejected.class,
                        rejected -> assertThat(rejected.message())
                                .isEqualTo(
                                        "spec.scrapeInterval: must be more than zero, found \"0\"; write it like 30s"));
    }

    @Test
    void rightsToReadPodsFollowWhatRuns() {
        String own = target("{pods: {}}");
        CompileResult result = Compilation.compile(Compilation.VOLUME + own);
        assertThat(result.discovery()).isEqualTo(scope("shop"));
        assertThat(Compilation.compile(Compilation.VOLUME + target("{pods: {namespaces: {any: true}}}"))
                        .discovery()
                        .allNamespaces())
                .isTrue();
        CompileResult bad = Compilation.compile(Compilation.input(
                Compilation.VOLUME + target("{pods: {namespaces: {names: [cart]}}, annotated: {}}"),
                Compilation.byId(result.sections())));
        assertThat(bad.discovery()).isEqualTo(scope("shop"));
        assertThat(Compilation.compile(Compilation.VOLUME).discovery()).isEqualTo(DiscoveryScope.NONE);
    }

    private static DiscoveryScope scope(String namespace) {
        return new DiscoveryScope(false, new TreeSet<>(List.of(namespace)));
    }

    private static String target(String spec) {
        return """
                ---
                apiVersion: monitoring.narthex.dev/v1alpha1
                kind: ScrapeTarget
                metadata: {name: it, namespace: shop}
                spec: %s
                """.replace("%s", spec);
    }

    private static ResourceId volume() {
        return new ResourceId(ResourceId.STORAGE_VOLUME, "monitoring", "main");
    }
}
