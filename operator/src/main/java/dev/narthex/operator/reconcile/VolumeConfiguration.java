// SPDX-License-Identifier: Apache-2.0
package dev.narthex.operator.reconcile;

import dev.narthex.config.section.ResourceId;
import dev.narthex.config.section.ResourceSection;
import dev.narthex.crds.alertrule.AlertRule;
import dev.narthex.crds.compile.CompileInput;
import dev.narthex.crds.compile.CompileResult;
import dev.narthex.crds.compile.ConfigurationCompiler;
import dev.narthex.crds.compile.Consents;
import dev.narthex.crds.compile.SecretName;
import dev.narthex.crds.receiver.Receiver;
import dev.narthex.crds.scrapetarget.ScrapeTarget;
import dev.narthex.crds.storagevolume.StorageVolume;
import dev.narthex.operator.desired.ConfigurationSecrets;
import dev.narthex.operator.desired.VolumeNames;
import dev.narthex.operator.reconcile.CompileInputs.ResourceVersion;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Compiles the configuration of a StorageVolume, when something that it follows from has changed. */
final class VolumeConfiguration {
    private final ConfigurationCompiler compiler;
    private final ReferencedSecrets referenced;
    private final WatchedResources watched;
    private final ManagedObjects managed;

    VolumeConfiguration(
            ConfigurationCompiler compiler,
            ReferencedSecrets referenced,
            WatchedResources watched,
            ManagedObjects managed) {
        this.compiler = compiler;
        this.referenced = referenced;
        this.watched = watched;
        this.managed = managed;
    }

    /** The state with the configuration of now: the former state where nothing has changed. */
    VolumeState refresh(StorageVolume volume, Optional<VolumeState> former) {
        Map<String, Map<String, String>> namespaces = watched.namespaces();
        Consents consents = new Consents(volume, namespaces);
        List<ScrapeTarget> targets = watched.scrapeTargets().stream()
                .filter(target -> consents.selectsScrapeTarget(target.getMetadata()))
                .toList();
        List<AlertRule> rules = watched.alertRules().stream()
                .filter(rule -> consents.selectsAlertRule(rule.getMetadata()))
                .toList();
        List<Receiver> receivers = watched.receivers().stream()
                .filter(receiver -> consents.selectsReceiver(receiver.getMetadata()))
                .toList();
        SortedSet<SecretName> names = ConfigurationCompiler.referencedSecrets(receivers);
        Map<SecretName, Secret> secrets = new TreeMap<>();
        names.forEach(name -> referenced.get(name).ifPresent(secret -> secrets.put(name, secret)));

        CompileInputs inputs = new CompileInputs(
                volume.getMetadata().getGeneration(),
                versions(Stream.of(targets, rules, receivers).flatMap(List::stream)),
                namespaces,
                new TreeMap<>(secrets.entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey,
                                entry -> entry.getValue().getMetadata().getResourceVersion()))));
        if (former.isPresent() && former.get().inputs().equals(inputs)) {
            return former.get();
        }
        Map<SecretName, Map<String, String>> texts = new TreeMap<>();
        secrets.forEach((name, secret) -> texts.put(name, ReferencedSecrets.texts(secret)));
        CompileResult result = compiler.compile(new CompileInput(
                volume,
                targets,
                rules,
                receivers,
                texts,
                namespaces,
                Map.of(),
                former.map(state -> byId(state.configuration().sections())).orElseGet(() -> stored(volume))));
        return VolumeState.of(
                        volume.getMetadata().getNamespace() + "/"
                                + volume.getMetadata().getName(),
                        inputs,
                        result,
                        names)
                .withAnswer(former.map(VolumeState::answer).orElse(null));
    }

    private static List<ResourceVersion> versions(Stream<? extends HasMetadata> resources) {
        List<ResourceVersion> versions = new ArrayList<>();
        resources
                .map(resource -> new ResourceVersion(
                        ConfigurationCompiler.idOf(resource),
                        resource.getMetadata().getUid(),
                        resource.getMetadata().getGeneration()))
                .sorted((left, right) -> left.id().compareTo(right.id()))
                .forEach(versions::add);
        return versions;
    }

    private static Map<ResourceId, ResourceSection> byId(List<ResourceSection> sections) {
        return sections.stream().collect(Collectors.toMap(ResourceSection::id, Function.identity()));
    }

    /** What an operator before this one has written. */
    private Map<ResourceId, ResourceSection> stored(StorageVolume volume) {
        return ConfigurationSecrets.read(managed.of(Secret.class, new VolumeNames(volume)));
    }
}
