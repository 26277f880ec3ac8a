// SPDX-License-Identifier: Apache-2.0
package dev.narthex.operator.desired;

import dev.narthex.crds.storagevolume.StorageVolume;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import java.util.Map;
import java.util.TreeMap;

/** Names and labels of the objects of one StorageVolume. */
public final class VolumeNames {
    /** Marks what the operator made, and so what it watches. */
    public static final String MANAGED_BY_LABEL = "app.kubernetes.io/managed-by";

    public static final String MANAGED_BY = "narthex-operator";
    public static final String NAME_LABEL = "app.kubernetes.io/name";
    public static final String INSTANCE_LABEL = "app.kubernetes.io/instance";

    /** Which StorageVolume an object belongs to, also where an owner reference cannot say it. */
    public static final String VOLUME_LABEL = "monitoring.narthex.dev/storage-volume";

    public static final String VOLUME_NAMESPACE_LABEL = "monitoring.narthex.dev/storage-volume-namespace";

    private final StorageVolume volume;

    public VolumeNames(StorageVolume volume) {
        this.volume = volume;
    }

    public String name() {
        return volume.getMetadata().getName();
    }

    public String namespace() {
        return volume.getMetadata().getNamespace();
    }

    /** The Service without an address of its own, for the names of pods. */
    public String podsService() {
        return name() + "-pods";
    }

    /** The Role that lets the runtime watch its configuration. */
    public String configurationAccess() {
        return name() + "-config";
    }

    /** The name of the objects that let the runtime see pods; unique in the cluster. */
    public String discoveryAccess() {
        return "narthex:" + namespace() + ":" + name() + ":discovery";
    }

    /** The account that the runtime runs as. */
    public String serviceAccount() {
        String given = volume.getSpec().getServiceAccountName();
        return given == null ? name() : given;
    }

    /** The Secret of a bucket. */
    public String configurationSecret(int bucket) {
        return name() + "-config-" + bucket;
    }

    /** The labels that pods are selected by: they never change. */
    public Map<String, String> selector() {
        return new TreeMap<>(Map.of(NAME_LABEL, "narthex", INSTANCE_LABEL, name()));
    }

    Map<String, String> labels() {
        Map<String, String> labels = selector();
        labels.put("app.kubernetes.io/component", "runtime");
        labels.put(MANAGED_BY_LABEL, MANAGED_BY);
        labels.put(VOLUME_LABEL, name());
        labels.put(VOLUME_NAMESPACE_LABEL, namespace());
        return labels;
    }

    /** Metadata of an object in the namespace of the StorageVolume; it goes when the StorageVolume goes. */
    ObjectMeta owned(String objectName) {
        return new ObjectMetaBuilder()
                .withName(objectName)
                .withNamespace(namespace())
                .withLabels(labels())
                .withOwnerReferences(owner())
                .build();
    }

    /** Metadata of an object elsewhere: the operator takes it away. */
    ObjectMeta foreign(String objectName) {
        return new ObjectMetaBuilder().withName(objectName).withLabels(labels()).build();
    }

    private OwnerReference owner() {
        return new OwnerReferenceBuilder()
                .withApiVersion(volume.getApiVersion())
                .withKind(volume.getKind())
                .withName(name())
                .withUid(volume.getMetadata().getUid())
                .withController(true)
                .withBlockOwnerDeletion(true)
                .build();
    }
}
