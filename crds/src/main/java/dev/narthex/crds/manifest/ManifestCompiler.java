// SPDX-License-Identifier: Apache-2.0
package dev.narthex.crds.manifest;

import dev.narthex.config.section.ResourceId;
import dev.narthex.config.section.ResourceSection;
import dev.narthex.crds.compile.CompileInput;
import dev.narthex.crds.compile.CompileResult;
import dev.narthex.crds.compile.ConfigurationCompiler;
import dev.narthex.crds.compile.ExpressionCheck;
import dev.narthex.crds.compile.FieldProblem;
import dev.narthex.crds.compile.Verdict;
import dev.narthex.crds.storagevolume.StorageVolume;
import dev.narthex.crds.storagevolume.StorageVolumeSpec;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Compiles manifests without a cluster, by the same function that the operator uses. Immutable and safe for use by many
 * threads.
 */
public final class ManifestCompiler {
    private static final String DEFAULT_VOLUME = "main";

    private final ManifestReader reader = ManifestReader.create();
    private final ConfigurationCompiler compiler;

    /**
     * Makes a compiler.
     *
     * @param promql checks expressions
     * @param templates checks texts of alerts
     */
    public ManifestCompiler(ExpressionCheck promql, ExpressionCheck templates) {
        this.compiler = new ConfigurationCompiler(promql, templates);
    }

    /**
     * The outcome.
     *
     * @param storageVolume whose configuration it is
     * @param retentionTime how long the StorageVolume keeps samples, empty where it does not say
     * @param sections what is to run
     * @param refused why resources were refused in their present form
     * @param notes what a person should know, one line each: refused resources and what was passed over
     */
    public record Outcome(
            ResourceId storageVolume,
            String retentionTime,
            List<ResourceSection> sections,
            SortedMap<ResourceId, String> refused,
            List<String> notes) {
        public Outcome {
            sections = List.copyOf(sections);
            refused = Collections.unmodifiableSortedMap(new TreeMap<>(refused));
            notes = List.copyOf(notes);
        }
    }

    /**
     * Compiles.
     *
     * @param texts the manifests by file
     * @param former the sections that run now: what is refused goes on as it was
     */
    public Outcome compile(SortedMap<String, String> texts, Map<ResourceId, ResourceSection> former) {
        Manifests manifests = reader.read(texts);
        List<String> notes = new ArrayList<>();
        manifests.problems().forEach(problem -> notes.add("refused  " + problem));
        manifests.passedOver().forEach(object -> notes.add("passed over  " + object));
        StorageVolume volume = volume(manifests, notes);
        CompileResult result = compiler.compile(new CompileInput(
                volume,
                manifests.scrapeTargets(),
                manifests.alertRules(),
                manifests.receivers(),
                manifests.secrets(),
                namespaces(manifests, volume),
                unreadable(manifests),
                former));
        SortedMap<ResourceId, String> refused = new TreeMap<>();
        result.verdicts().forEach((id, verdict) -> {
            if (verdict instanceof Verdict.Rejected rejected) {
                refused.put(id, rejected.message());
            }
            boolean isNoted = manifests.unreadable().containsKey(id);
            if (verdict instanceof Verdict.Rejected rejected && !isNoted) {
                notes.add("refused  " + id + ": " + rejected.message()
                        + (rejected.formerRuns() ? " (the former version goes on)" : ""));
            }
        });
        for (HasMetadata resource : resources(manifests)) {
            ResourceId id = ConfigurationCompiler.idOf(resource);
            if (!result.verdicts().containsKey(id)) {
                notes.add("passed over  " + id + ": " + ConfigurationCompiler.idOf(volume) + " does not select it");
            }
        }
        return new Outcome(ConfigurationCompiler.idOf(volume), retention(volume), result.sections(), refused, notes);
    }

    private static StorageVolume volume(Manifests manifests, List<String> notes) {
        List<StorageVolume> volumes = manifests.storageVolumes();
        if (volumes.isEmpty()) {
            StorageVolume volume = new StorageVolume();
            volume.setMetadata(new ObjectMetaBuilder()
                    .withNamespace(ManifestReader.DEFAULT_NAMESPACE)
                    .withName(DEFAULT_VOLUME)
                    .withGeneration(ManifestReader.GENERATION)
                    .build());
            volume.setSpec(new StorageVolumeSpec());
            return volume;
        }
        for (StorageVolume other : volumes.subList(1, volumes.size())) {
            notes.add("passed over  " + ConfigurationCompiler.idOf(other)
                    + ": one process serves one StorageVolume, the first; put the others into folders of their own");
        }
        return volumes.getFirst();
    }

    private static String retention(StorageVolume volume) {
        var retention = volume.getSpec().getRetention();
        String time = retention == null ? null : retention.getTime();
        return time == null ? "" : time;
    }

    /** Every namespace that occurs, with the labels of its manifest and the one that Kubernetes gives each. */
    private static Map<String, Map<String, String>> namespaces(Manifests manifests, StorageVolume volume) {
        Map<String, Map<String, String>> namespaces = new TreeMap<>();
        List<HasMetadata> all = new ArrayList<>(resources(manifests));
        all.add(volume);
        for (HasMetadata resource : all) {
            String name = resource.getMetadata().getNamespace();
            Map<String, String> labels = new TreeMap<>(manifests.namespaces().getOrDefault(name, Map.of()));
            labels.put("kubernetes.io/metadata.name", name);
            namespaces.put(name, labels);
        }
        return namespaces;
    }

    private static List<HasMetadata> resources(Manifests manifests) {
        List<HasMetadata> all = new ArrayList<>(manifests.scrapeTargets());
        all.addAll(manifests.alertRules());
        all.addAll(manifests.receivers());
        return all;
    }

    private static Map<ResourceId, FieldProblem> unreadable(Manifests manifests) {
        Map<ResourceId, FieldProblem> unreadable = new TreeMap<>();
        manifests
                .unreadable()
                .forEach((ResourceId id, ManifestProblem problem) ->
                        unreadable.put(id, new FieldProblem(problem.path(), problem.message())));
        return unreadable;
    }
}
