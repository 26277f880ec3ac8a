// SPDX-License-Identifier: Apache-2.0
package dev.narthex.crds.receiver;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.narthex.crds.condition.Condition;
import dev.narthex.crds.condition.Conditioned;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the runtimes do with a Receiver; counts are summed over the storage volumes that select it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public class ReceiverStatus implements Conditioned {
    @JsonPropertyDescription("The generation of the resource that the status speaks of.")
    @Min(0)
    private @Nullable Long observedGeneration;

    @JsonPropertyDescription("The scope in effect.")
    @Size(max = 16)
    private @Nullable String scope;

    @JsonPropertyDescription("Integrations of the receiver.")
    @Min(0)
    private @Nullable Long integrationCount;

    @JsonPropertyDescription("Notifications delivered since the runtime started.")
    @Min(0)
    private @Nullable Long sent;

    @JsonPropertyDescription("Notifications that failed since the runtime started.")
    @Min(0)
    private @Nullable Long failed;

    @JsonPropertyDescription("Error of the last notification that failed, empty after a success.")
    @Size(max = 1024)
    private @Nullable String lastError;

    @JsonPropertyDescription("Each integration, in order.")
    @Size(max = 100)
    private @Nullable List<IntegrationStatus> integrations;

    @JsonPropertyDescription("The storage volumes that select the resource, as namespace/name.")
    @Size(max = 100)
    private @Nullable List<@Size(max = 317) String> storageVolumes;

    @JsonPropertyDescription(
            "Accepted: the resource is valid. Ready: every storage volume that selects it runs this generation.")
    @Size(max = 8)
    private @Nullable List<Condition> conditions;

    @Override
    public @Nullable Long getObservedGeneration() {
        return observedGeneration;
    }

    @Override
    public void setObservedGeneration(@Nullable Long observedGeneration) {
        this.observedGeneration = observedGeneration;
    }

    public @Nullable String getScope() {
        return scope;
    }

    public void setScope(@Nullable String scope) {
        this.scope = scope;
    }

    public @Nullable Long getIntegrationCount() {
        return integrationCount;
    }

    public void setIntegrationCount(@Nullable Long integrationCount) {
        this.integrationCount = integrationCount;
    }

    public @Nullable Long getSent() {
        return sent;
    }

    public void setSent(@Nullable Long sent) {
        this.sent = sent;
    }

    public @Nullable Long getFailed() {
        return failed;
    }

    public void setFailed(@Nullable Long failed) {
        this.failed = failed;
    }

    public @Nullable String getLastError() {
        return lastError;
    }

    public void setLastError(@Nullable String lastError) {
        this.lastError = lastError;
    }

    public @Nullable List<IntegrationStatus> getIntegrations() {
        return integrations;
    }

    public void setIntegrations(@Nullable List<IntegrationStatus> integrations) {
        this.integrations = integrations;
    }

    public @Nullable List<String> getStorageVolumes() {
        return storageVolumes;
    }

    public void setStorageVolumes(@Nullable List<String> storageVolumes) {
        this.storageVolumes = storageVolumes;
    }

    @Override
    public @Nullable List<Condition> getConditions() {
        return conditions;
    }

    @Override
    public void setConditions(@Nullable List<Condition> conditions) {
        this.conditions = conditions;
    }
}
