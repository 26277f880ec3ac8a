// SPDX-License-Identifier: Apache-2.0
package dev.narthex.crds.scrapetarget;

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

/** What to scrape: pods or addresses, and how. */
@Group(ResourceApi.GROUP)
@Version(ResourceApi.VERSION)
@Kind("ScrapeTarget")
@Singular("scrapetarget")
@Plural("scrapetargets")
@ShortNames("sct")
@Categories(ResourceApi.CATEGORY)
@AdditionalPrinterColumn(name = "Source", jsonPath = ".status.source")
@AdditionalPrinterColumn(name = "Up", jsonPath = ".status.up", type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(name = "Down", jsonPath = ".status.down", type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(name = "Samples", jsonPath = ".status.samples", type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(name = "Last-Error", jsonPath = ".status.lastError")
@AdditionalPrinterColumn(name = "Ready", jsonPath = ResourceApi.READY_PATH)
@AdditionalPrinterColumn(name = "Age", jsonPath = ResourceApi.AGE_PATH, type = AdditionalPrinterColumn.Type.DATE)
public final class ScrapeTarget extends CustomResource<ScrapeTargetSpec, ScrapeTargetStatus> implements Namespaced {
    private static final long serialVersionUID = 1L;

    @Override
    @Required
    public ScrapeTargetSpec getSpec() {
        return super.getSpec();
    }

    @Override
    protected ScrapeTargetSpec initSpec() {
        return new ScrapeTargetSpec();
    }

    @Override
    protected @Nullable ScrapeTargetStatus initStatus() {
        return null;
    }
}
