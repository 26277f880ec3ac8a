// SPDX-License-Identifier: Apache-2.0
package dev.narthex.crds.storagevolume;

import dev.narthex.crds.ResourceApi;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;
import org.jspecify.annotations.Nullable;

/** A runtime with a volume for its data. */
@Group(ResourceApi.GROUP)
@Version(ResourceApi.VERSION)
@Kind("StorageVolume")
@Singular("storagevolume")
@Plural("storagevolumes")
@ShortNames("svol")
@Categories(ResourceApi.CATEGORY)
@AdditionalPrinterColumn(name = "Ready", jsonPath = ResourceApi.READY_PATH)
@AdditionalPrinterColumn(
        name = "Replicas",
        jsonPath = ".status.readyReplicas",
        type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(name = "Series", jsonPath = ".status.series", type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
        name = "Samples/s",
        jsonPath = ".status.samplesPerSecond",
        type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(name = "Used", jsonPath = ".status.used")
@AdditionalPrinterColumn(name = "Size", jsonPath = ".spec.size")
@AdditionalPrinterColumn(name = "Oldest", jsonPath = ".status.oldestSample", type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(name = "Age", jsonPath = ResourceApi.AGE_PATH, type = AdditionalPrinterColumn.Type.DATE)
@ValidationRule(
        value = "self.metadata.name.size() <= 45 && self.metadata.name.matches('^[a-z]([-a-z0-9]*[a-z0-9])?$')",
        message =
                "metadata.name: at most 45 lower-case letters, digits and dashes, the first a letter: Services are named after it")
public final class StorageVolume extends CustomResource<StorageVolumeSpec, StorageVolumeStatus> implements Namespaced {
    private static final long serialVersionUID = 1L;

    @Override
    @Required
    public StorageVolumeSpec getSpec() {
        return super.getSpec();
    }

    @Override
    protected StorageVolumeSpec initSpec() {
        return new StorageVolumeSpec();
    }

    @Override
    protected @Nullable StorageVolumeStatus initStatus() {
        return null;
    }
}
