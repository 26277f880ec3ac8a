// SPDX-License-Identifier: Apache-2.0
package dev.narthex.crds.storagevolume;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.narthex.crds.FieldPatterns;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A runtime with a volume for its data, and which resources belong to it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value =
                "has(self.storageClassName) == has(oldSelf.storageClassName) && (!has(self.storageClassName) || self.storageClassName == oldSelf.storageClassName)",
        message = "storageClassName cannot be changed; make a new StorageVolume")
public class StorageVolumeSpec {
    @JsonPropertyDescription("Size of the volume, such as 50Gi.")
    @Required
    @ValidationRule(
            value = "self == oldSelf",
            message = "size cannot be changed in this version; make a new StorageVolume")
    @ValidationRule(
            value = "isQuantity(string(self)) && quantity(string(self)).isGreaterThan(quantity('0'))",
            message = "size: a positive quantity such as 50Gi")
    private @Nullable Quantity size;

    @JsonPropertyDescription("Storage class of the volume; the default class of the cluster when it is missing.")
    @Size(min = 1, max = 253)
    @Pattern(FieldPatterns.DNS_SUBDOMAIN)
    private @Nullable String storageClassName;

    @JsonPropertyDescription("How long data is kept.")
    private @Nullable Retention retention;

    @JsonPropertyDescription("Identical copies; 1 in this version.")
    @Min(1)
    @ValidationRule(value = "self == 1", message = "replicas: only 1 is supported in this version")
    private @Nullable Integer replicas;

    @JsonPropertyDescription(
            "Which resources belong to this volume, and what they may do; all resources of all namespaces when it is missing.")
    private @Nullable Selection select;

    @JsonPropertyDescription("Time between scrapes where a resource does not say; 30s when it is missing.")
    @Size(min = 1, max = 32)
    @Pattern(FieldPatterns.DURATION)
    private @Nullable String scrapeInterval;

    @JsonPropertyDescription("Time between evaluations of rules where a resource does not say; 30s when it is missing.")
    @Size(min = 1, max = 32)
    @Pattern(FieldPatterns.DURATION)
    private @Nullable String evaluationInterval;

    @JsonPropertyDescription("Labels of everything that leaves the server.")
    @Size(max = 32)
    @ValidationRule(
            value = "self.all(name, name.matches('^[a-zA-Z_][a-zA-Z0-9_]*$') && !name.startsWith('__'))",
            message =
                    "externalLabels: label names consist of letters, digits and underscores, do not start with a digit and not with __")
    private @Nullable Map<String, @Size(max = 1024) String> externalLabels;

    @JsonPropertyDescription("Image of the runtime; that of the operator release when it is missing.")
    @Size(min = 1, max = 512)
    private @Nullable String image;

    @JsonPropertyDescription("CPU and memory of the runtime.")
    private @Nullable ResourceRequirements resources;

    @JsonPropertyDescription(
            "An existing ServiceAccount of the namespace to run as, for cloud identities; the operator makes one when it is missing.")
    @Size(min = 1, max = 253)
    @Pattern(FieldPatterns.DNS_SUBDOMAIN)
    private @Nullable String serviceAccountName;

    public @Nullable Quantity getSize() {
        return size;
    }

    public void setSize(@Nullable Quantity size) {
        this.size = size;
    }

    public @Nullable String getStorageClassName() {
        return storageClassName;
    }

    public void setStorageClassName(@Nullable String storageClassName) {
        this.storageClassName = storageClassName;
    }

    public @Nullable Retention getRetention() {
        return retention;
    }

    public void setRetention(@Nullable Retention retention) {
        this.retention = retention;
    }

    public @Nullable Integer getReplicas() {
        return replicas;
    }

    public void setReplicas(@Nullable Integer replicas) {
        this.replicas = replicas;
    }

    public @Nullable Selection getSelect() {
        return select;
    }

    public void setSelect(@Nullable Selection select) {
        this.select = select;
    }

    public @Nullable String getScrapeInterval() {
        return scrapeInterval;
    }

    public void setScrapeInterval(@Nullable String scrapeInterval) {
        this.scrapeInterval = scrapeInterval;
    }

    public @Nullable String getEvaluationInterval() {
        return evaluationInterval;
    }

    public void setEvaluationInterval(@Nullable String evaluationInterval) {
        this.evaluationInterval = evaluationInterval;
    }

    public @Nullable Map<String, String> getExternalLabels() {
        return externalLabels;
    }

    public void setExternalLabels(@Nullable Map<String, String> externalLabels) {
        this.externalLabels = externalLabels;
    }

    public @Nullable String getImage() {
        return image;
    }

    public void setImage(@Nullable String image) {
        this.image = image;
    }

    public @Nullable ResourceRequirements getResources() {
        return resources;
    }

    public void setResources(@Nullable ResourceRequirements resources) {
        this.resources = resources;
    }

    public @Nullable String getServiceAccountName() {
        return serviceAccountName;
    }

    public void setServiceAccountName(@Nullable String serviceAccountName) {
        this.serviceAccountName = serviceAccountName;
    }
}
