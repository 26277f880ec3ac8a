// SPDX-License-Identifier: Apache-2.0
package dev.narthex.operator.reconcile;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jboss.logging.Logger;

/** Tells of refused resources by Kubernetes Events, which {@code kubectl describe} shows. Thread-safe. */
@Singleton
public class RefusalEvents {
    private static final Logger log = Logger.getLogger(RefusalEvents.class);
    private static final int MAX_NOTE = 1024;
    private static final DateTimeFormatter MICROS = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final KubernetesClient client;
    private final InstantSource clock;

    @Inject
    RefusalEvents(KubernetesClient client, InstantSource clock) {
        this.client = client;
        this.clock = clock;
    }

    void refused(HasMetadata resource, String reason, String message) {
        log.warnf(
                "resource refused kind=%s namespace=%s name=%s reason=%s err=%s",
                resource.getKind(),
                resource.getMetadata().getNamespace(),
                resource.getMetadata().getName(),
                reason,
                message);
        Event event = new EventBuilder()
                .withNewMetadata()
                .withGenerateName(resource.getMetadata().getName() + "-")
                .withNamespace(resource.getMetadata().getNamespace())
                .endMetadata()
                .withNewRegarding()
                .withApiVersion(resource.getApiVersion())
                .withKind(resource.getKind())
                .withNamespace(resource.getMetadata().getNamespace())
                .withName(resource.getMetadata().getName())
                .withUid(resource.getMetadata().getUid())
                .endRegarding()
                .withType("Warning")
                .withReason(reason)
                .withAction("Refused")
                .withNote(message.length() <= MAX_NOTE ? message : message.substring(0, MAX_NOTE - 1) + "…")
                .withEventTime(new MicroTime(MICROS.format(clock.instant())))
                .withReportingController("monitoring.narthex.dev/" + ObjectApplier.FIELD_MANAGER)
                .withReportingInstance(ObjectApplier.FIELD_MANAGER)
                .build();
        try {
            client.resource(event).create();
        } catch (KubernetesClientException e) {
            log.warnf(
                    "event not written kind=%s name=%s err=%s",
                    resource.getKind(), resource.getMetadata().getName(), ObjectApplier.reason(e));
        }
    }
}
