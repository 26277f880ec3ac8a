// SPDX-License-Identifier: Apache-2.0
package dev.narthex.operator;

import dev.narthex.crds.compile.CompileInput;
import dev.narthex.crds.compile.CompileResult;
import dev.narthex.crds.compile.ConfigurationCompiler;
import dev.narthex.crds.compile.ExpressionCheck;
import dev.narthex.crds.manifest.ManifestReader;
import dev.narthex.crds.manifest.Manifests;
import dev.narthex.crds.storagevolume.StorageVolume;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.api.Assertions;

/** Resources of tests, from YAML. */
public final class TestManifests {
    private static final ManifestReader READER = ManifestReader.create();

    private TestManifests() {}

    /** Reads manifests that are free of mistakes. */
    public static Manifests read(String yaml) {
        Manifests manifests = READER.read(new TreeMap<>(Map.of("test.yaml", yaml)));
        Assertions.assertThat(manifests.problems()).isEmpty();
        return manifests;
    }

    /** A StorageVolume {@code monitoring/main} with a spec in braces. */
    public static StorageVolume volume(String spec) {
        StorageVolume volume = read("""
                apiVersion: monitoring.narthex.dev/v1alpha1
                kind: StorageVolume
                metadata: {name: main, namespace: monitoring}
                spec: SPEC
                """.replace("SPEC", spec)).storageVolumes().getFirst();
        volume.getMetadata().setUid("0e4dc9d5-6a3a-4a53-9c4b-0d3c0a2a7c11");
        return volume;
    }

    /** What the resources among manifests mean for a StorageVolume. */
    public static CompileResult compile(StorageVolume volume, String yaml) {
        Manifests manifests = read(yaml);
        return new ConfigurationCompiler(ExpressionCheck.NONE, ExpressionCheck.NONE)
                .compile(new CompileInput(
                        volume,
                        manifests.scrapeTargets(),
                        manifests.alertRules(),
                        manifests.receivers(),
                        manifests.secrets(),
                        manifests.namespaces(),
                        Map.of(),
                        Map.of()));
    }
}
