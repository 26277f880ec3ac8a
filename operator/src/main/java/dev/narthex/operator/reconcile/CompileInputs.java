// SPDX-License-Identifier: Apache-2.0
package dev.narthex.operator.reconcile;

import dev.narthex.config.section.ResourceId;
import dev.narthex.crds.compile.SecretName;
import java.util.List;
import java.util.Map;

/**
 * Which versions of which objects a configuration was compiled from: equal inputs give an equal configuration.
 *
 * @param volumeGeneration of the StorageVolume
 * @param namespaces the labels of each
 * @param secretVersions the resource version of each referenced Secret that is there
 */
record CompileInputs(
        long volumeGeneration,
        List<ResourceVersion> resources,
        Map<String, Map<String, String>> namespaces,
        Map<SecretName, String> secretVersions) {
    CompileInputs {
        resources = List.copyOf(resources);
        namespaces = Map.copyOf(namespaces);
        secretVersions = Map.copyOf(secretVersions);
    }

    /** A resource that is selected; selection is by its labels, so they need not be here. */
    record ResourceVersion(ResourceId id, String uid, long generation) {}
}
