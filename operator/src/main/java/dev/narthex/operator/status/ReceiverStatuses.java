// SPDX-License-Identifier: Apache-2.0
package dev.narthex.operator.status;

import dev.narthex.crds.receiver.IntegrationStatus;
import dev.narthex.crds.receiver.Receiver;
import dev.narthex.crds.receiver.ReceiverScope;
import dev.narthex.crds.receiver.ReceiverStatus;
import dev.narthex.crds.receiver.WebhookSpec;
import dev.narthex.operator.report.ResourceReport.IntegrationReport;
import dev.narthex.operator.report.ResourceReport.ReceiverCounts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Computes the status of a Receiver. */
public final class ReceiverStatuses {
    private static final int MAX_ERROR = 1024;
    private static final int MAX_INTEGRATIONS = 100;

    private ReceiverStatuses() {}

    /**
     * The status.
     *
     * @param views of the storage volumes that select the resource
     */
    public static ComputedStatus<ReceiverStatus> of(Receiver receiver, List<VolumeView> views, Instant now) {
        long generation = receiver.getMetadata().getGeneration();
        ReceiverStatus former = receiver.getStatus();
        ResourceConditions conditions = new ResourceConditions(generation, views);
        ReceiverStatus status = new ReceiverStatus();
        status.setObservedGeneration(generation);
        status.setConditions(conditions.of(former == null ? null : former.getConditions(), now));
        status.setScope(receiver.getSpec().getScope() == ReceiverScope.CLUSTER ? "Cluster" : "Namespace");
        List<WebhookSpec> webhooks = receiver.getSpec().getWebhook();
        status.setIntegrationCount(webhooks == null ? 0L : webhooks.size());
        status.setStorageVolumes(
                views.isEmpty() ? null : views.stream().map(VolumeView::volume).toList());
        count(status, views);
        return new ComputedStatus<>(status, conditions.isPassing());
    }

    private static void count(ReceiverStatus status, List<VolumeView> views) {
        long sent = 0;
        long failed = 0;
        boolean known = false;
        String lastError = "";
        List<IntegrationStatus> integrations = new ArrayList<>();
        for (VolumeView view : views) {
            if (view.counts().orElse(null) instanceof ReceiverCounts counts) {
                known = true;
                for (IntegrationReport report : counts.integrations()) {
                    sent += report.sent();
                    failed += report.failed();
                    lastError = lastError.isEmpty() ? report.lastError() : lastError;
                    integrations.add(integration(report));
                }
            }
        }
        if (known) {
            status.setSent(sent);
            status.setFailed(failed);
            status.setLastError(Texts.orNull(MAX_ERROR, lastError));
            status.setIntegrations(integrations.subList(0, Math.min(MAX_INTEGRATIONS, integrations.size())));
        }
    }

    private static IntegrationStatus integration(IntegrationReport report) {
        IntegrationStatus status = new IntegrationStatus();
        status.setType(report.type());
        status.setSent(report.sent());
        status.setFailed(report.failed());
        status.setLastError(Texts.orNull(MAX_ERROR, report.lastError()));
        status.setLastSuccess(Texts.orNull(40, report.lastSuccess()));
        return status;
    }
}
