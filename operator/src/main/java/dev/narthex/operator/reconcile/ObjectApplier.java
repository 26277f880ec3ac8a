// SPDX-License-Identifier: Apache-2.0
package dev.narthex.operator.reconcile;

import dev.narthex.operator.desired.VolumeNames;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Brings objects to what is desired by server-side apply, and leaves alone what nobody has changed since. Thread-safe.
 */
final class ObjectApplier {
    /** The field manager of everything that the operator writes. */
    static final String FIELD_MANAGER = "narthex-operator";

    private static final Logger log = Logger.getLogger(ObjectApplier.class);

    private final KubernetesClient client;
    private final Map<Key, Applied> applied = new ConcurrentHashMap<>();

    ObjectApplier(KubernetesClient client) {
        this.client = client;
    }

    private record Key(String kind, String namespace, String name) {
        static Key of(HasMetadata object) {
            String namespace = object.getMetadata().getNamespace();
            return new Key(
                    object.getKind(),
                    namespace == null ? "" : namespace,
                    object.getMetadata().getName());
        }

        @Override
        public String toString() {
            return kind + " " + (namespace.isEmpty() ? "" : namespace + "/") + name;
        }
    }

    /** What was applied, and the version that came of it. */
    private record Applied(int hash, String version) {}

    /**
     * Applies an object where it is not as desired.
     *
     * @param current the object as it was last seen, if it was
     * @return why it could not be, empty on success
     */
    Optional<String> apply(HasMetadata desired, Optional<? extends HasMetadata> current, VolumeNames volume) {
        Key key = Key.of(desired);
        Applied before = applied.get(key);
        int hash = desired.hashCode();
        if (before != null
                && before.hash() == hash
                && current.isPresent()
                && version(current.get()).equals(before.version())) {
            return Optional.empty();
        }
        try {
            if (before == null && isForeign(desired, current.orElse(null), volume)) {
                return Optional.of(key + ": is there and does not belong to StorageVolume " + volume.namespace() + "/"
                        + volume.name() + "; give the StorageVolume another name, or remove that object");
            }
            HasMetadata made = client.resource(desired)
                    .fieldManager(FIELD_MANAGER)
                    .forceConflicts()
                    .serverSideApply();
            applied.put(key, new Applied(hash, version(made)));
            log.debugf("applied object=%s", key);
            return Optional.empty();
        } catch (KubernetesClientException e) {
            return Optional.of(key + ": " + reason(e));
        }
    }

    /** Removes an object; one that is gone already is no mistake. */
    void delete(HasMetadata object) {
        applied.remove(Key.of(object));
        client.resource(object).delete();
    }

    /** Forgets what was applied in a namespace: a StorageVolume there is gone, and its objects with it. */
    void forget(String namespace) {
        applied.keySet().removeIf(key -> key.namespace().equals(namespace));
    }

    private boolean isForeign(HasMetadata desired, @Nullable HasMetadata seen, VolumeNames volume) {
        HasMetadata current = seen == null ? client.resource(desired).get() : seen;
        return current != null && !ManagedObjects.belongsTo(current, volume);
    }

    /** Changes with what is applied; that of a StatefulSet not with its status. */
    private static String version(HasMetadata object) {
        return object instanceof StatefulSet
                ? "generation " + object.getMetadata().getGeneration()
                : object.getMetadata().getResourceVersion();
    }

    static String reason(KubernetesClientException e) {
        if (e.getStatus() != null && e.getStatus().getMessage() != null) {
            return e.getStatus().getMessage();
        }
        return String.valueOf(e.getMessage());
    }
}
