// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import dev.narthex.crds.alertrule.AlertRuleSpec;
import dev.narthex.crds.alertrule.RuleSpec;
import dev.narthex.crds.receiver.ReceiverScope;
import dev.narthex.crds.receiver.ReceiverSpec;
import dev.narthex.crds.receiver.SecretKeyReference;
import dev.narthex.crds.receiver.WebhookSpec;
import dev.narthex.crds.scrapetarget.AnnotatedSource;
import dev.narthex.crds.scrapetarget.Endpoint;
import dev.narthex.crds.scrapetarget.LabelExpression;
import dev.narthex.crds.scrapetarget.LabelOperator;
import dev.narthex.crds.scrapetarget.PodNamespaces;
import dev.narthex.crds.scrapetarget.PodSelector;
import dev.narthex.crds.scrapetarget.PodSource;
import dev.narthex.crds.scrapetarget.RelabelStep;
import dev.narthex.crds.scrapetarget.RelabelStepAction;
import dev.narthex.crds.scrapetarget.ScrapeLimits;
import dev.narthex.crds.scrapetarget.ScrapeTargetSpec;
import dev.narthex.crds.scrapetarget.StaticSource;
import dev.narthex.crds.storagevolume.AlertRuleSelection;
import dev.narthex.crds.storagevolume.NamespaceSelection;
import dev.narthex.crds.storagevolume.ReceiverSelection;
import dev.narthex.crds.storagevolume.Retention;
import dev.narthex.crds.storagevolume.ScrapeTargetSelection;
import dev.narthex.crds.storagevolume.SelectedResources;
import dev.narthex.crds.storagevolume.Selection;
import dev.narthex.crds.storagevolume.StorageVolumeSpec;
import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * What a native executable is to reflect on: Jackson binds manifests of a folder to these. The types of Kubernetes
 * itself are listed by the module that reads them, {@code discovery}.
 */
@RegisterForReflection(
        targets = {
            AlertRuleSelection.class,
            AlertRuleSpec.class,
            AnnotatedSource.class,
            Endpoint.class,
            LabelExpression.class,
            LabelOperator.class,
            NamespaceSelection.class,
            PodNamespaces.class,
            PodSelector.class,
            PodSource.class,
            ReceiverScope.class,
            ReceiverSelection.class,
            ReceiverSpec.class,
            RelabelStep.class,
            RelabelStepAction.class,
            Retention.class,
            RuleSpec.class,
            ScrapeLimits.class,
            ScrapeTargetSelection.class,
            ScrapeTargetSpec.class,
            SecretKeyReference.class,
            SelectedResources.class,
            Selection.class,
            StaticSource.class,
            StorageVolumeSpec.class,
            WebhookSpec.class,
        })
final class NativeReflection {
    private NativeReflection() {}
}
