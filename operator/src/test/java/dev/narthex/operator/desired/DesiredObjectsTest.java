// SPDX-License-Identifier: Apache-2.0
package dev.narthex.operator.desired;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.config.section.ResourceId;
import dev.narthex.config.section.SectionBuckets;
import dev.narthex.crds.compile.CompileResult;
import dev.narthex.crds.storagevolume.StorageVolume;
import dev.narthex.operator.TestManifests;
import dev.narthex.testkit.golden.GoldenFile;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DesiredObjectsTest {
    private static final String IMAGE = "example.org/narthex/runtime:1";

    private static final String FULL = """
            {size: 50Gi, storageClassName: fast, retention: {time: 30d}, image: 'example.org/own:2',
             serviceAccountName: cloud, resources: {requests: {cpu: '1', memory: 2Gi}, limits: {memory: 4Gi}}}""";

    private static final String TARGET = """
            apiVersion: monitoring.narthex.dev/v1alpha1
            kind: ScrapeTarget
            metadata: {name: web, namespace: shop}
            spec: {pods: {namespaces: NAMESPACES}}
            """;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            minimal        | {size: 1Gi} | {names: [shop]}
            all-namespaces | {size: 1Gi} | {any: true}
            full           | FULL        | {names: [cart, shop]}
            """)
    void workloadIsAsWritten(String name, String spec, String namespaces) {
        DesiredObjects desired = desired(spec.replace("FULL", FULL), TARGET.replace("NAMESPACES", namespaces));
        List<HasMetadata> objects = new ArrayList<>(desired.own());
        objects.removeIf(Secret.class::isInstance);
        objects.addAll(desired.discovery());
        GoldenFile.of("desired", name + ".yaml")
                .assertMatches(objects.stream().map(Serialization::asYaml).collect(Collectors.joining()));
    }

    @Test
    void nothingIsAllowedWhereNoPodsAreLookedFor() {
        assertThat(desired("{size: 1Gi}", "").discovery()).isEmpty();
    }

    @Test
    void configurationIsInSixteenSecretsAndReadBack() {
        StorageVolume volume = TestManifests.volume("{size: 1Gi}");
        CompileResult result = TestManifests.compile(volume, TARGET.replace("NAMESPACES", "{any: true}"));
        List<Secret> secrets = ConfigurationSecrets.of(new VolumeNames(volume), result.sections());
        assertThat(secrets).hasSize(SectionBuckets.COUNT);
        assertThat(secrets)
                .extracting(secret -> secret.getMetadata().getName())
                .startsWith("main-config-0", "main-config-1")
                .endsWith("main-config-15");
        assertThat(ConfigurationSecrets.read(secrets).values()).containsExactlyInAnyOrderElementsOf(result.sections());
    }

    @Test
    void oneChangedResourceChangesOneSecret() {
        StorageVolume volume = TestManifests.volume("{size: 1Gi}");
        VolumeNames names = new VolumeNames(volume);
        List<Secret> before = ConfigurationSecrets.of(
                names,
                TestManifests.compile(volume, TARGET.replace("NAMESPACES", "{any: true}"))
                        .sections());
        List<Secret> after = ConfigurationSecrets.of(
                names,
                TestManifests.compile(volume, TARGET.replace("NAMESPACES", "{names: [shop]}"))
                        .sections());
        assertThat(after)
                .filteredOn(Predicate.not(before::contains))
                .singleElement()
                .satisfies(changed -> assertThat(changed.getMetadata().getName())
                        .isEqualTo("main-config-"
                                + SectionBuckets.bucketOf(new ResourceId(ResourceId.SCRAPE_TARGET, "shop", "web"))));
    }

    @Test
    void spoiledSecretIsWorthNothing() {
        Secret secret = ConfigurationSecrets.of(new VolumeNames(TestManifests.volume("{size: 1Gi}")), List.of())
                .getFirst();
        secret.getData().put(SectionBuckets.SECRET_KEY, "bm90IGd6aXA=");
        assertThat(ConfigurationSecrets.read(List.of(secret))).isEmpty();
        secret.getData().put(SectionBuckets.SECRET_KEY, "%");
        assertThat(ConfigurationSecrets.read(List.of(secret))).isEmpty();
    }

    @Test
    void podIsConfined() {
        StatefulSet set = desired("{size: 1Gi}", "").own().stream()
                .filter(StatefulSet.class::isInstance)
                .map(StatefulSet.class::cast)
                .findFirst()
                .orElseThrow();
        var pod = set.getSpec().getTemplate().getSpec();
        assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
        assertThat(pod.getContainers()).allSatisfy(container -> {
            assertThat(container.getSecurityContext().getReadOnlyRootFilesystem())
                    .isTrue();
            assertThat(container.getSecurityContext().getAllowPrivilegeEscalation())
                    .isFalse();
            assertThat(container.getSecurityContext().getCapabilities().getDrop())
                    .containsExactly("ALL");
        });
    }

    private static DesiredObjects desired(String spec, String yaml) {
        StorageVolume volume = TestManifests.volume(spec);
        return DesiredObjects.of(volume, TestManifests.compile(volume, yaml), IMAGE);
    }
}
