// SPDX-License-Identifier: Apache-2.0
package dev.narthex.crds.compile;

import dev.narthex.config.Configuration;
import dev.narthex.config.file.ConfigLoader;
import dev.narthex.config.section.ConfigurationAssembler;
import dev.narthex.config.section.ResourceId;
import dev.narthex.config.section.ResourceSection;
import dev.narthex.crds.manifest.ManifestReader;
import dev.narthex.crds.manifest.Manifests;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.assertj.core.api.Assertions;

/** Compiles manifests of a test. */
final class Compilation {
    static final ManifestReader READER = ManifestReader.create();

    /** A StorageVolume of its own namespace, so that the resources of others need consent. */
    static final String VOLUME = """
            apiVersion: monitoring.narthex.dev/v1alpha1
            kind: StorageVolume
            metadata: {name: main, namespace: monitoring}
            spec: {size: 1Gi}
            """;

    /** A stand-in for the check of PromQL: what holds this word is invalid. */
    private static final ExpressionCheck CHECK =
            text -> text.contains("BAD") ? Optional.of("1:1: unexpected BAD") : Optional.empty();

    private Compilation() {}

    static CompileInput input(String yaml) {
        return input(yaml, Map.of());
    }

    static CompileInput input(String yaml, Map<ResourceId, ResourceSection> former) {
        Manifests manifests = READER.read(new TreeMap<>(Map.of("test.yaml", yaml)));
        Assertions.assertThat(manifests.problems()).isEmpty();
        Assertions.assertThat(manifests.passedOver()).isEmpty();
        return new CompileInput(
                manifests.storageVolumes().getFirst(),
                manifests.scrapeTargets(),
                manifests.alertRules(),
                manifests.receivers(),
                manifests.secrets(),
                manifests.namespaces(),
                Map.of(),
                former);
    }

    static CompileResult compile(String yaml) {
        return compile(input(yaml));
    }

    static CompileResult compile(CompileInput input) {
        return new ConfigurationCompiler(CHECK, CHECK).compile(input);
    }

    /** What a runtime makes of sections; fails where it refuses one. */
    static Configuration assemble(Collection<ResourceSection> sections) {
        var assembly = new ConfigurationAssembler(new ConfigLoader(name -> "")).assemble(sections, Map.of());
        Assertions.assertThat(assembly.rejected()).isEmpty();
        return assembly.configuration();
    }

    static Map<ResourceId, ResourceSection> byId(Collection<ResourceSection> sections) {
        return sections.stream().collect(Collectors.toMap(ResourceSection::id, section -> section));
    }
}
