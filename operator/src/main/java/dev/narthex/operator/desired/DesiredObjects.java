// SPDX-License-Identifier: Apache-2.0
package dev.narthex.operator.desired;

import dev.narthex.crds.compile.CompileResult;
import dev.narthex.crds.storagevolume.StorageVolume;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.ArrayList;
import java.util.List;

/**
 * The objects of one StorageVolume.
 *
 * @param own in its namespace, in the order in which they are to be made
 * @param discovery in other namespaces or in none
 */
public record DesiredObjects(List<HasMetadata> own, List<HasMetadata> discovery) {
    public DesiredObjects {
        own = List.copyOf(own);
        discovery = List.copyOf(discovery);
    }

    /**
     * What a StorageVolume is to have.
     *
     * @param defaultImage the image of the runtime where the StorageVolume does not say
     */
    public static DesiredObjects of(StorageVolume volume, CompileResult configuration, String defaultImage) {
        VolumeNames names = new VolumeNames(volume);
        List<HasMetadata> own =
                new ArrayList<>(RuntimeAccess.own(names, volume.getSpec().getServiceAccountName() == null));
        own.addAll(ConfigurationSecrets.of(names, configuration.sections()));
        own.addAll(RuntimeServices.of(names));
        own.add(RuntimeStatefulSet.of(volume, names, defaultImage));
        return new DesiredObjects(own, RuntimeAccess.discovery(names, configuration.discovery()));
    }
}
