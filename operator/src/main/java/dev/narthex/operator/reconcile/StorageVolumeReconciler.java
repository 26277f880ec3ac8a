// SPDX-License-Identifier: Apache-2.0
package dev.narthex.operator.reconcile;

import dev.narthex.config.section.ResourceId;
import dev.narthex.crds.compile.ConfigurationCompiler;
import dev.narthex.crds.storagevolume.StorageVolume;
import dev.narthex.operator.desired.DesiredObjects;
import dev.narthex.operator.desired.VolumeNames;
import dev.narthex.operator.report.ReportAnswer;
import dev.narthex.operator.report.ReportClient;
import dev.narthex.operator.settings.OperatorSettings;
import dev.narthex.operator.status.StorageVolumeStatuses;
import dev.narthex.operator.status.VolumeFacts;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Compiles the configuration of a StorageVolume, keeps its workload, asks its runtime what it does, and writes its status.
 * One thread at a time handles a StorageVolume.
 */
@ControllerConfiguration(name = "storagevolume")
public class StorageVolumeReconciler implements Reconciler<StorageVolume>, Cleaner<StorageVolume> {
    private static final Logger log = Logger.getLogger(StorageVolumeReconciler.class);

    private final OperatorSettings settings;
    private final ConfigurationCompiler compiler;
    private final ReferencedSecrets referenced;
    private final VolumeStates states;
    private final ResourceSignals signals;
    private final ReportClient reports;
    private final StatusWriter writer;
    private final ObjectApplier applier;
    private @Nullable WatchedResources watched;
    private @Nullable ManagedObjects managed;

    @Inject
    StorageVolumeReconciler(
            KubernetesClient client,
            OperatorSettings settings,
            ConfigurationCompiler compiler,
            ReferencedSecrets referenced,
            VolumeStates states,
            ResourceSignals signals,
            ReportClient reports,
            StatusWriter writer) {
        this.settings = settings;
        this.compiler = compiler;
        this.referenced = referenced;
        this.states = states;
        this.signals = signals;
        this.reports = reports;
        this.writer = writer;
        this.applier = new ObjectApplier(client);
    }

    @Override
    public List<EventSource<?, StorageVolume>> prepareEventSources(EventSourceContext<StorageVolume> context) {
        WatchedResources resources = new WatchedResources(context, states);
        ManagedObjects objects = ManagedObjects.watch(context);
        this.watched = resources;
        this.managed = objects;
        List<EventSource<?, StorageVolume>> sources = new ArrayList<>();
        sources.addAll(resources.sources());
        sources.addAll(objects.sources());
        sources.add(signals.storageVolumes());
        return sources;
    }

    @Override
    public UpdateControl<StorageVolume> reconcile(StorageVolume volume, Context<StorageVolume> context) {
        WatchedResources resources = Objects.requireNonNull(watched);
        ManagedObjects objects = Objects.requireNonNull(managed);
        ResourceId id = ConfigurationCompiler.idOf(volume);
        VolumeState state =
                new VolumeConfiguration(compiler, referenced, resources, objects).refresh(volume, states.get(id));
        // Known before the runtime is asked, so that a change of a Secret meanwhile wakes this StorageVolume.
        states.put(id, state);
        referenced.retain(states.secrets());

        List<String> failures = apply(volume, state, resources.namespaces(), objects);
        ReportAnswer answer = reports.ask(
                volume.getMetadata().getNamespace(), volume.getMetadata().getName());
        VolumeState answered = state.withAnswer(answer);
        states.put(id, answered);

        VolumeFacts facts = new VolumeFacts(state.configuration(), answer, readyReplicas(volume, objects), failures);
        var status = StorageVolumeStatuses.of(volume, facts, writer.now());
        Duration pause = answered.isLoaded()
                ? settings.report().interval()
                : settings.report().pendingInterval();
        Duration delay = writer.write(volume, status, new StorageVolume())
                .filter(wanted -> wanted.compareTo(pause) < 0)
                .orElse(pause);
        return UpdateControl.<StorageVolume>noUpdate().rescheduleAfter(delay);
    }

    private List<String> apply(
            StorageVolume volume,
            VolumeState state,
            Map<String, Map<String, String>> namespaces,
            ManagedObjects objects) {
        VolumeNames names = new VolumeNames(volume);
        DesiredObjects desired = DesiredObjects.of(
                volume, state.configuration(), settings.runtime().image());
        List<HasMetadata> discovery = desired.discovery().stream()
                .filter(object -> exists(object, namespaces))
                .toList();
        List<String> failures = new ArrayList<>();
        Stream.concat(desired.own().stream(), discovery.stream())
                .forEach(object -> applier.apply(object, objects.find(object), names)
                        .ifPresent(failure -> {
                            log.warnf("object not applied volume=%s err=%s", state.volume(), failure);
                            failures.add(failure);
                        }));
        discoveryObjects(names, objects)
                .filter(object -> discovery.stream().noneMatch(wanted -> isSame(wanted, object)))
                .forEach(applier::delete);
        return failures;
    }

    /** Whether the namespace of an object is there; a resource may name one that is not yet. */
    private static boolean exists(HasMetadata object, Map<String, Map<String, String>> namespaces) {
        String namespace = object.getMetadata().getNamespace();
        return namespace == null || namespaces.containsKey(namespace);
    }

    private static boolean isSame(HasMetadata left, HasMetadata right) {
        return left.getKind().equals(right.getKind())
                && left.getMetadata().getName().equals(right.getMetadata().getName())
                && Objects.equals(
                        left.getMetadata().getNamespace(), right.getMetadata().getNamespace());
    }

    private static Stream<HasMetadata> discoveryObjects(VolumeNames names, ManagedObjects objects) {
        return Stream.of(RoleBinding.class, Role.class, ClusterRoleBinding.class, ClusterRole.class)
                .<HasMetadata>flatMap(kind -> objects.of(kind, names).stream())
                .filter(object -> object.getMetadata().getName().equals(names.discoveryAccess()));
    }

    private static int readyReplicas(StorageVolume volume, ManagedObjects objects) {
        return objects.of(StatefulSet.class, new VolumeNames(volume)).stream()
                .map(set -> set.getStatus() == null ? null : set.getStatus().getReadyReplicas())
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(0);
    }

    /** Takes away what no owner reference takes away; the rest goes with the StorageVolume, its claims stay. */
    @Override
    public DeleteControl cleanup(StorageVolume volume, Context<StorageVolume> context) {
        ManagedObjects objects = Objects.requireNonNull(managed);
        VolumeNames names = new VolumeNames(volume);
        discoveryObjects(names, objects).forEach(applier::delete);
        applier.forget(names.namespace());
        ResourceId id = ConfigurationCompiler.idOf(volume);
        states.remove(id);
        writer.forget(id);
        referenced.retain(states.secrets());
        log.infof("storage volume removed namespace=%s name=%s", names.namespace(), names.name());
        return DeleteControl.defaultDelete();
    }
}
