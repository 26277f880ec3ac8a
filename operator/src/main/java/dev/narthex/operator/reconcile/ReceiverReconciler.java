// SPDX-License-Identifier: Apache-2.0
package dev.narthex.operator.reconcile;

import dev.narthex.crds.compile.ConfigurationCompiler;
import dev.narthex.crds.receiver.Receiver;
import dev.narthex.operator.status.ReceiverStatuses;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import jakarta.inject.Inject;
import java.util.List;

/** Writes the status of Receivers; what they mean is the business of {@link StorageVolumeReconciler}. */
@ControllerConfiguration(name = "receiver")
public class ReceiverReconciler implements Reconciler<Receiver> {
    private final VolumeStates states;
    private final ResourceSignals signals;
    private final StatusWriter writer;

    @Inject
    ReceiverReconciler(VolumeStates states, ResourceSignals signals, StatusWriter writer) {
        this.states = states;
        this.signals = signals;
        this.writer = writer;
    }

    @Override
    public List<EventSource<?, Receiver>> prepareEventSources(EventSourceContext<Receiver> context) {
        return List.of(signals.receivers());
    }

    @Override
    public UpdateControl<Receiver> reconcile(Receiver resource, Context<Receiver> context) {
        var views = states.viewsOf(ConfigurationCompiler.idOf(resource));
        var status = ReceiverStatuses.of(resource, views, writer.now());
        UpdateControl<Receiver> control = UpdateControl.noUpdate();
        return writer.write(resource, status, new Receiver())
                .map(control::rescheduleAfter)
                .orElse(control);
    }
}
