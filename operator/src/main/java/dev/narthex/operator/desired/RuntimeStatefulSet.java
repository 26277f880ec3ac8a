// SPDX-License-Identifier: Apache-2.0
package dev.narthex.operator.desired;

import dev.narthex.config.section.SectionBuckets;
import dev.narthex.crds.storagevolume.Retention;
import dev.narthex.crds.storagevolume.StorageVolume;
import dev.narthex.crds.storagevolume.StorageVolumeSpec;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.KeyToPathBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import io.fabric8.kubernetes.api.model.VolumeProjectionBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The StatefulSet of a runtime. Its pod is not root, writes only its volume, and has no capability. */
final class RuntimeStatefulSet {
    static final String CONTAINER = "narthex";
    private static final String DATA = "data";
    private static final String DATA_PATH = "/data";
    private static final String TMP = "tmp";
    private static final String CONFIGURATION = "configuration";
    private static final String CONFIGURATION_PATH = "/etc/narthex/configuration";
    private static final String DEFAULT_RETENTION = "15d";
    private static final long USER = 65532;

    private RuntimeStatefulSet() {}

    static StatefulSet of(StorageVolume volume, VolumeNames names, String defaultImage) {
        return new StatefulSetBuilder()
                .withMetadata(names.owned(names.name()))
                .withNewSpec()
                .withReplicas(1)
                .withServiceName(names.podsService())
                .withPodManagementPolicy("Parallel")
                .withNewSelector()
                .withMatchLabels(names.selector())
                .endSelector()
                .withNewTemplate()
                .withNewMetadata()
                .withLabels(names.labels())
                .endMetadata()
                .withNewSpec()
                .withServiceAccountName(names.serviceAccount())
                .withTerminationGracePeriodSeconds(120L)
                .withNewSecurityContext()
                .withRunAsNonRoot(true)
                .withRunAsUser(USER)
                .withRunAsGroup(USER)
                .withFsGroup(USER)
                .withFsGroupChangePolicy("OnRootMismatch")
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .endSecurityContext()
                .withContainers(container(volume.getSpec(), names, defaultImage))
                .withVolumes(
                        new VolumeBuilder()
                                .withName(TMP)
                                .withNewEmptyDir()
                                .endEmptyDir()
                                .build(),
                        configuration(names))
                .endSpec()
                .endTemplate()
                .withVolumeClaimTemplates(claim(volume.getSpec()))
                .endSpec()
                .build();
    }

    private static Container container(StorageVolumeSpec spec, VolumeNames names, String defaultImage) {
        String image = spec.getImage();
        return new ContainerBuilder()
                .withName(CONTAINER)
                .withImage(image == null ? defaultImage : image)
                .withArgs(arguments(spec, names))
                .addNewPort()
                .withName(RuntimeServices.PORT_NAME)
                .withContainerPort(RuntimeServices.PORT)
                .withProtocol("TCP")
                .endPort()
                // A log that takes minutes to replay is no reason to start again.
                .withStartupProbe(probe("/-/healthy", 2, 300))
                .withLivenessProbe(probe("/-/healthy", 10, 6))
                .withReadinessProbe(probe("/-/ready", 5, 3))
                .withResources(resources(spec))
                .withNewSecurityContext()
                .withAllowPrivilegeEscalation(false)
                .withReadOnlyRootFilesystem(true)
                .withNewCapabilities()
                .withDrop("ALL")
                .endCapabilities()
                .endSecurityContext()
                .withVolumeMounts(
                        new VolumeMountBuilder()
                                .withName(DATA)
                                .withMountPath(DATA_PATH)
                                .build(),
                        new VolumeMountBuilder()
                                .withName(TMP)
                                .withMountPath("/tmp")
                                .build(),
                        new VolumeMountBuilder()
                                .withName(CONFIGURATION)
                                .withMountPath(CONFIGURATION_PATH)
                                .withReadOnly(true)
                                .build())
                .build();
    }

    private static List<String> arguments(StorageVolumeSpec spec, VolumeNames names) {
        Retention retention = spec.getRetention();
        String time = retention == null ? null : retention.getTime();
        return List.of(
                "run",
                "--kubernetes.config-namespace=" + names.namespace(),
                "--kubernetes.config-name=" + names.name(),
                "--kubernetes.config-dir=" + CONFIGURATION_PATH,
                "--storage.tsdb.path=" + DATA_PATH,
                "--storage.tsdb.retention.time=" + (time == null ? DEFAULT_RETENTION : time),
                "--web.listen-address=:" + RuntimeServices.PORT);
    }

    private static Probe probe(String path, int periodSeconds, int failures) {
        return new ProbeBuilder()
                .withNewHttpGet()
                .withPath(path)
                .withNewPort(RuntimeServices.PORT_NAME)
                .endHttpGet()
                .withPeriodSeconds(periodSeconds)
                .withTimeoutSeconds(5)
                .withFailureThreshold(failures)
                .build();
    }

    private static ResourceRequirements resources(StorageVolumeSpec spec) {
        ResourceRequirements given = spec.getResources();
        if (given != null) {
            return given;
        }
        return new ResourceRequirementsBuilder()
                .addToRequests("cpu", new Quantity("100m"))
                .addToRequests("memory", new Quantity("256Mi"))
                .build();
    }

    /** The configuration as files, for a start while the API server is away. */
    private static Volume configuration(VolumeNames names) {
        List<VolumeProjection> sources = new ArrayList<>();
        for (int i = 0; i < SectionBuckets.COUNT; i++) {
            String secret = names.configurationSecret(i);
            sources.add(new VolumeProjectionBuilder()
                    .withNewSecret()
                    .withName(secret)
                    .withOptional(true)
                    .withItems(new KeyToPathBuilder()
                            .withKey(SectionBuckets.SECRET_KEY)
                            .withPath(secret)
                            .build())
                    .endSecret()
                    .build());
        }
        return new VolumeBuilder()
                .withName(CONFIGURATION)
                .withNewProjected()
                .withSources(sources)
                .endProjected()
                .build();
    }

    private static PersistentVolumeClaim claim(StorageVolumeSpec spec) {
        return new PersistentVolumeClaimBuilder()
                .withNewMetadata()
                .withName(DATA)
                .endMetadata()
                .withNewSpec()
                .withAccessModes("ReadWriteOnce")
                .withStorageClassName(spec.getStorageClassName())
                .withNewResources()
                .withRequests(Map.of("storage", spec.getSize()))
                .endResources()
                .endSpec()
                .build();
    }
}
