// SPDX-License-Identifier: Apache-2.0
package dev.narthex.operator.reconcile;

import dev.narthex.crds.alertrule.AlertRule;
import dev.narthex.crds.compile.ConfigurationCompiler;
import dev.narthex.operator.status.AlertRuleStatuses;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import jakarta.inject.Inject;
import java.util.List;

/** Writes the status of AlertRules; what they mean is the business of {@link StorageVolumeReconciler}. */
@ControllerConfiguration(name = "alertrule")
public class AlertRuleReconciler implements Reconciler<AlertRule> {
    private final VolumeStates states;
    private final ResourceSignals signals;
    private final StatusWriter writer;

    @Inject
    AlertRuleReconciler(VolumeStates states, ResourceSignals signals, StatusWriter writer) {
        this.states = states;
        this.signals = signals;
        this.writer = writer;
    }

    @Override
    public List<EventSource<?, AlertRule>> prepareEventSources(EventSourceContext<AlertRule> context) {
        return List.of(signals.alertRules());
    }

    @Override
    public UpdateControl<AlertRule> reconcile(AlertRule resource, Context<AlertRule> context) {
        var views = states.viewsOf(ConfigurationCompiler.idOf(resource));
        var status = AlertRuleStatuses.of(resource, views, writer.now());
        UpdateControl<AlertRule> control = UpdateControl.noUpdate();
        return writer.write(resource, status, new AlertRule())
                .map(control::rescheduleAfter)
                .orElse(control);
    }
}
