// SPDX-License-Identifier: Apache-2.0
package dev.narthex.crds.receiver;

import dev.narthex.crds.ResourceApi;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.Required;
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

/** Which alerts are delivered where. */
@Group(ResourceApi.GROUP)
@Version(ResourceApi.VERSION)
@Kind("Receiver")
@Singular("receiver")
@Plural("receivers")
@ShortNames("rcv")
@Categories(ResourceApi.CATEGORY)
@AdditionalPrinterColumn(name = "Scope", jsonPath = ".status.scope")
@AdditionalPrinterColumn(
        name = "Integrations",
        jsonPath = ".status.integrationCount",
        type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(name = "Sent", jsonPath = ".status.sent", type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(name = "Failed", jsonPath = ".status.failed", type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(name = "Last-Error", jsonPath = ".status.lastError")
@AdditionalPrinterColumn(name = "Ready", jsonPath = ResourceApi.READY_PATH)
@AdditionalPrinterColumn(name = "Age", jsonPath = ResourceApi.AGE_PATH, type = AdditionalPrinterColumn.Type.DATE)
public final class Receiver extends CustomResource<ReceiverSpec, ReceiverStatus> implements Namespaced {
    private static final long serialVersionUID = 1L;

    @Override
    @Required
    public ReceiverSpec getSpec() {
        return super.getSpec();
    }

    @Override
    protected ReceiverSpec initSpec() {
        return new ReceiverSpec();
    }

    @Override
    protected @Nullable ReceiverStatus initStatus() {
        return null;
    }
}
