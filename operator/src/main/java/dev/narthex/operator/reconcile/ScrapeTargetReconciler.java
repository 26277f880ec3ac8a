// SPDX-License-Identifier: Apache-2.0
package dev.narthex.operator.reconcile;

import dev.narthex.crds.compile.ConfigurationCompiler;
import dev.narthex.crds.scrapetarget.ScrapeTarget;
import dev.narthex.operator.status.ScrapeTargetStatuses;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import jakarta.inject.Inject;
import java.util.List;

/** Writes the status of ScrapeTargets; what they mean is the business of {@link StorageVolumeReconciler}. */
@ControllerConfiguration(name = "scrapetarget")
public class ScrapeTargetReconciler implements Reconciler<ScrapeTarget> {
    private final VolumeStates states;
    private final ResourceSignals signals;
    private final StatusWriter writer;

    @Inject
    ScrapeTargetReconciler(VolumeStates states, ResourceSignals signals, StatusWriter writer) {
        this.states = states;
        this.signals = signals;
        this.writer = writer;
    }

    @Override
    public List<EventSource<?, ScrapeTarget>> prepareEventSources(EventSourceContext<ScrapeTarget> context) {
        return List.of(signals.scrapeTargets());
    }

    @Override
    public UpdateControl<ScrapeTarget> reconcile(ScrapeTarget resource, Context<ScrapeTarget> context) {
        var views = states.viewsOf(ConfigurationCompiler.idOf(resource));
        var status = ScrapeTargetStatuses.of(resource, views, writer.now());
        UpdateControl<ScrapeTarget> control = UpdateControl.noUpdate();
        return writer.write(resource, status, new ScrapeTarget())
                .map(control::rescheduleAfter)
                .orElse(control);
    }
}
