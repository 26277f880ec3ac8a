// SPDX-License-Identifier: Apache-2.0
package dev.narthex.operator.reconcile;

import dev.narthex.crds.storagevolume.StorageVolume;
import dev.narthex.operator.desired.VolumeNames;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The objects that the operator has made, as the API server shows them: watched by their label. */
final class ManagedObjects {
    private static final List<Class<? extends HasMetadata>> KINDS = List.of(
            StatefulSet.class,
            Service.class,
            ServiceAccount.class,
            Secret.class,
            Role.class,
            RoleBinding.class,
            ClusterRole.class,
            ClusterRoleBinding.class);

    private final Map<Class<?>, InformerEventSource<? extends HasMetadata, StorageVolume>> sources;

    private ManagedObjects(Map<Class<?>, InformerEventSource<? extends HasMetadata, StorageVolume>> sources) {
        this.sources = sources;
    }

    static ManagedObjects watch(EventSourceContext<StorageVolume> context) {
        Map<Class<?>, InformerEventSource<? extends HasMetadata, StorageVolume>> sources = new LinkedHashMap<>();
        for (Class<? extends HasMetadata> kind : KINDS) {
            sources.put(kind, source(kind, context));
        }
        return new ManagedObjects(sources);
    }

    private static <R extends HasMetadata> InformerEventSource<R, StorageVolume> source(
            Class<R> kind, EventSourceContext<StorageVolume> context) {
        return new InformerEventSource<>(
                InformerEventSourceConfiguration.from(kind, StorageVolume.class)
                        .withName("managed-" + kind.getSimpleName())
                        .withWatchAllNamespaces()
                        .withLabelSelector(VolumeNames.MANAGED_BY_LABEL + "=" + VolumeNames.MANAGED_BY)
                        .withSecondaryToPrimaryMapper(ManagedObjects::volumeOf)
                        .build(),
                context);
    }

    private static Set<ResourceID> volumeOf(HasMetadata object) {
        String name = label(object, VolumeNames.VOLUME_LABEL);
        String namespace = label(object, VolumeNames.VOLUME_NAMESPACE_LABEL);
        return name.isEmpty() || namespace.isEmpty() ? Set.of() : Set.of(new ResourceID(name, namespace));
    }

    private static String label(HasMetadata object, String label) {
        Map<String, String> labels = object.getMetadata().getLabels();
        return labels == null ? "" : labels.getOrDefault(label, "");
    }

    List<EventSource<?, StorageVolume>> sources() {
        return new ArrayList<>(sources.values());
    }

    /** The object with the kind and name of another, as it was last seen. */
    Optional<? extends HasMetadata> find(HasMetadata like) {
        InformerEventSource<? extends HasMetadata, StorageVolume> source = sources.get(like.getClass());
        if (source == null) {
            throw new IllegalArgumentException(like.getKind() + " is not watched");
        }
        @Nullable String namespace = like.getMetadata().getNamespace();
        return source.get(new ResourceID(like.getMetadata().getName(), namespace));
    }

    /** The objects of one kind that belong to a StorageVolume. */
    <R extends HasMetadata> List<R> of(Class<R> kind, VolumeNames volume) {
        ResourceID id = new ResourceID(volume.name(), volume.namespace());
        return all(kind)
                .filter(object -> volumeOf(object).contains(id))
                .map(kind::cast)
                .toList();
    }

    /** Whether an object belongs to a StorageVolume. */
    static boolean belongsTo(HasMetadata object, VolumeNames volume) {
        return volumeOf(object).contains(new ResourceID(volume.name(), volume.namespace()));
    }

    private Stream<? extends HasMetadata> all(Class<?> kind) {
        InformerEventSource<? extends HasMetadata, StorageVolume> source = sources.get(kind);
        return source == null ? Stream.empty() : source.list(object -> true);
    }
}
