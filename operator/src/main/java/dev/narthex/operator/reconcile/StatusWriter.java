// SPDX-License-Identifier: Apache-2.0
package dev.narthex.operator.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.narthex.config.section.ResourceId;
import dev.narthex.crds.compile.ConfigurationCompiler;
import dev.narthex.crds.condition.Condition;
import dev.narthex.crds.condition.Conditioned;
import dev.narthex.operator.status.ComputedStatus;
import dev.narthex.operator.status.StatusPacer;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes status by server-side apply, at the pace of the {@link StatusPacer}. Thread-safe. */
@Singleton
public class StatusWriter {
    private static final String ACCEPTED = "Accepted";
    private static final PatchContext APPLY = new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager(ObjectApplier.FIELD_MANAGER)
            .withForce(true)
            .build();

    private final KubernetesClient client;
    private final StatusPacer<ResourceId> pacer;
    private final InstantSource clock;
    private final RefusalEvents events;
    private final ObjectMapper mapper = new ObjectMapper();

    @Inject
    StatusWriter(KubernetesClient client, StatusPacer<ResourceId> pacer, InstantSource clock, RefusalEvents events) {
        this.client = client;
        this.pacer = pacer;
        this.clock = clock;
        this.events = events;
    }

    /** The time that status is made of. */
    Instant now() {
        return clock.instant();
    }

    /**
     * Writes the status of a resource where it differs and its time has come.
     *
     * @param fresh an empty resource of the same kind
     * @return how long to wait before trying again, empty where nothing is left to do
     */
    <S extends Conditioned, R extends CustomResource<?, S>> Optional<Duration> write(
            R resource, ComputedStatus<S> computed, R fresh) {
        ResourceId id = ConfigurationCompiler.idOf(resource);
        if (equal(resource.getStatus(), computed.status())) {
            pacer.settled(id);
            return Optional.empty();
        }
        Duration delay = pacer.delay(id, computed.passing(), clock.instant());
        if (!delay.isZero()) {
            return Optional.of(delay);
        }
        fresh.setMetadata(new ObjectMetaBuilder()
                .withName(resource.getMetadata().getName())
                .withNamespace(resource.getMetadata().getNamespace())
                .build());
        fresh.setSpec(null);
        fresh.setStatus(computed.status());
        client.resource(fresh).subresource("status").patch(APPLY);
        pacer.written(id, clock.instant());
        reportRefusal(resource, computed.status());
        return Optional.empty();
    }

    /** Forgets a resource that is gone. */
    void forget(ResourceId id) {
        pacer.forget(id);
    }

    private boolean equal(@Nullable Object stored, Object computed) {
        JsonNode computedTree = mapper.valueToTree(computed);
        return stored != null && mapper.valueToTree(stored).equals(computedTree);
    }

    private <S extends Conditioned> void reportRefusal(CustomResource<?, S> resource, S computed) {
        S stored = resource.getStatus();
        Optional<Condition> before = stored == null ? Optional.empty() : refusal(stored.getConditions());
        refusal(computed.getConditions())
                .filter(refusal ->
                        before.isEmpty() || !Objects.equals(before.get().getMessage(), refusal.getMessage()))
                .ifPresent(refusal -> events.refused(
                        resource, String.valueOf(refusal.getReason()), String.valueOf(refusal.getMessage())));
    }

    private static Optional<Condition> refusal(@Nullable List<Condition> conditions) {
        return conditions == null
                ? Optional.empty()
                : conditions.stream()
                        .filter(condition ->
                                ACCEPTED.equals(condition.getType()) && "False".equals(condition.getStatus()))
                        .findFirst();
    }
}
