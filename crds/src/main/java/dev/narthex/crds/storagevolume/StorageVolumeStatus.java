// SPDX-License-Identifier: Apache-2.0
package dev.narthex.crds.storagevolume;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.narthex.crds.condition.Condition;
import dev.narthex.crds.condition.Conditioned;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the runtime of a StorageVolume does. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public class StorageVolumeStatus implements Conditioned {
    @JsonPropertyDescription("The generation of the resource that the status speaks of.")
    @Min(0)
    private @Nullable Long observedGeneration;

    @JsonPropertyDescription("Pending, Running or Failed.")
    @Size(max = 32)
    private @Nullable String phase;

    @JsonPropertyDescription("Pods wanted.")
    @Min(0)
    private @Nullable Integer replicas;

    @JsonPropertyDescription("Pods that are ready.")
    @Min(0)
    private @Nullable Integer readyReplicas;

    @JsonPropertyDescription("The configuration that the runtime has loaded.")
    private @Nullable LoadedConfiguration configuration;

    @JsonPropertyDescription("How many resources belong to the volume.")
    private @Nullable SelectedResources selected;

    @JsonPropertyDescription("Active series.")
    @Min(0)
    private @Nullable Long series;

    @JsonPropertyDescription("Samples stored per second.")
    @Min(0)
    private @Nullable Long samplesPerSecond;

    @JsonPropertyDescription("Bytes of data on the volume.")
    @Min(0)
    private @Nullable Long bytesUsed;

    @JsonPropertyDescription("The same for people, such as 7.1Gi.")
    @Size(max = 32)
    private @Nullable String used;

    @JsonPropertyDescription("Time of the oldest sample, RFC 3339.")
    @Size(max = 40)
    private @Nullable String oldestSample;

    @JsonPropertyDescription(
            "Accepted: the resource is valid. Available: the pods are ready. Ready: the runtime runs this generation with all selected resources.")
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

    public @Nullable String getPhase() {
        return phase;
    }

    public void setPhase(@Nullable String phase) {
        this.phase = phase;
    }

    public @Nullable Integer getReplicas() {
        return replicas;
    }

    public void setReplicas(@Nullable Integer replicas) {
        this.replicas = replicas;
    }

    public @Nullable Integer getReadyReplicas() {
        return readyReplicas;
    }

    public void setReadyReplicas(@Nullable Integer readyReplicas) {
        this.readyReplicas = readyReplicas;
    }

    public @Nullable LoadedConfiguration getConfiguration() {
        return configuration;
    }

    public void setConfiguration(@Nullable LoadedConfiguration configuration) {
        this.configuration = configuration;
    }

    public @Nullable SelectedResources getSelected() {
        return selected;
    }

    public void setSelected(@Nullable SelectedResources selected) {
        this.selected = selected;
    }

    public @Nullable Long getSeries() {
        return series;
    }

    public void setSeries(@Nullable Long series) {
        this.series = series;
    }

    public @Nullable Long getSamplesPerSecond() {
        return samplesPerSecond;
    }

    public void setSamplesPerSecond(@Nullable Long samplesPerSecond) {
        this.samplesPerSecond = samplesPerSecond;
    }

    public @Nullable Long getBytesUsed() {
        return bytesUsed;
    }

    public void setBytesUsed(@Nullable Long bytesUsed) {
        this.bytesUsed = bytesUsed;
    }

    public @Nullable String getUsed() {
        return used;
    }

    public void setUsed(@Nullable String used) {
        this.used = used;
    }

    public @Nullable String getOldestSample() {
        return oldestSample;
    }

    public void setOldestSample(@Nullable String oldestSample) {
        this.oldestSample = oldestSample;
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
