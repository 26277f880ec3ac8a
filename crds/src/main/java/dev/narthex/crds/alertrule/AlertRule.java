// SPDX-License-Identifier: Apache-2.0
package dev.narthex.crds.alertrule;

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

/** One rule group: alerting and recording rules, evaluated in order. */
@Group(ResourceApi.GROUP)
@Version(ResourceApi.VERSION)
@Kind("AlertRule")
@Singular("alertrule")
@Plural("alertrules")
@ShortNames("arl")
@Categories(ResourceApi.CATEGORY)
@AdditionalPrinterColumn(name = "Rules", jsonPath = ".status.ruleCount", type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(name = "Firing", jsonPath = ".status.firing", type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(name = "Pending", jsonPath = ".status.pending", type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(name = "Errors", jsonPath = ".status.errors", type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(name = "Ready", jsonPath = ResourceApi.READY_PATH)
@AdditionalPrinterColumn(name = "Age", jsonPath = ResourceApi.AGE_PATH, type = AdditionalPrinterColumn.Type.DATE)
public final class AlertRule extends CustomResource<AlertRuleSpec, AlertRuleStatus> implements Namespaced {
    private static final long serialVersionUID = 1L;

    @Override
    @Required
    public AlertRuleSpec getSpec() {
        return super.getSpec();
    }

    @Override
    protected AlertRuleSpec initSpec() {
        return new AlertRuleSpec();
    }

    @Override
    protected @Nullable AlertRuleStatus initStatus() {
        return null;
    }
}
