// SPDX-License-Identifier: Apache-2.0
package dev.narthex.crds.scrapetarget;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.narthex.crds.condition.Condition;
import dev.narthex.crds.condition.Conditioned;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the runtimes do with a ScrapeTarget; counts are summed over the storage volumes that select it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public class ScrapeTargetStatus implements Conditioned {
    @JsonPropertyDescription("The generation of the resource that the status speaks of.")
    @Min(0)
    private @Nullable Long observedGeneration;

    @JsonPropertyDescription("The source that is set: pods, annotated or static.")
    @Size(max = 32)
    private @Nullable String source;

    @JsonPropertyDescription("Targets found.")
    @Min(0)
    private @Nullable Long discovered;

    @JsonPropertyDescription("Targets whose last scrape succeeded.")
    @Min(0)
    private @Nullable Long up;

    @JsonPropertyDescription("Targets whose last scrape failed.")
    @Min(0)
    private @Nullable Long down;

    @JsonPropertyDescription("Samples of the last scrapes.")
    @Min(0)
    private @Nullable Long samples;

    @JsonPropertyDescription("Error of the most recent failed scrape of a target that is down.")
    @Size(max = 1024)
    private @Nullable String lastError;

    @JsonPropertyDescription("At most three targets that are down, those down longest first.")
    @Size(max = 3)
    private @Nullable List<TargetError> worst;

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

    public @Nullable String getSource() {
        return source;
    }

    public void setSource(@Nullable String source) {
        this.source = source;
    }

    public @Nullable Long getDiscovered() {
        return discovered;
    }

    public void setDiscovered(@Nullable Long discovered) {
        this.discovered = discovered;
    }

    public @Nullable Long getUp() {
        return up;
    }

    public void setUp(@Nullable Long up) {
        this.up = up;
    }

    public @Nullable Long getDown() {
        return down;
    }

    public void setDown(@Nullable Long down) {
        this.down = down;
    }

    public @Nullable Long getSamples() {
        return samples;
    }

    public void setSamples(@Nullable Long samples) {
        this.samples = samples;
    }

    public @Nullable String getLastError() {
        return lastError;
    }

    public void setLastError(@Nullable String lastError) {
        this.lastError = lastError;
    }

    public @Nullable List<TargetError> getWorst() {
        return worst;
    }

    public void setWorst(@Nullable List<TargetError> worst) {
        this.worst = worst;
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
