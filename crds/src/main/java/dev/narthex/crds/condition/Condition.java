// SPDX-License-Identifier: Apache-2.0
package dev.narthex.crds.condition;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** What holds for a resource, in the form that kubectl wait, Flux and Argo CD read. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public class Condition {
    @JsonPropertyDescription("What the condition is about: Accepted, Ready.")
    @Required
    @Size(min = 1, max = 64)
    private @Nullable String type;

    @JsonPropertyDescription("True, False or Unknown.")
    @Required
    @Pattern("^(True|False|Unknown)$")
    private @Nullable String status;

    @JsonPropertyDescription("One word for programs.")
    @Required
    @Size(min = 1, max = 128)
    @Pattern("^[A-Za-z][A-Za-z0-9]*$")
    private @Nullable String reason;

    @JsonPropertyDescription("A sentence for people: what is wrong and what to do.")
    @Size(max = 4096)
    private @Nullable String message;

    @JsonPropertyDescription("When the status last changed, RFC 3339.")
    @Required
    @Size(max = 40)
    private @Nullable String lastTransitionTime;

    @JsonPropertyDescription("The generation of the resource that the condition speaks of.")
    @Min(0)
    private @Nullable Long observedGeneration;

    public @Nullable String getType() {
        return type;
    }

    public void setType(@Nullable String type) {
        this.type = type;
    }

    public @Nullable String getStatus() {
        return status;
    }

    public void setStatus(@Nullable String status) {
        this.status = status;
    }

    public @Nullable String getReason() {
        return reason;
    }

    public void setReason(@Nullable String reason) {
        this.reason = reason;
    }

    public @Nullable String getMessage() {
        return message;
    }

    public void setMessage(@Nullable String message) {
        this.message = message;
    }

    public @Nullable String getLastTransitionTime() {
        return lastTransitionTime;
    }

    public void setLastTransitionTime(@Nullable String lastTransitionTime) {
        this.lastTransitionTime = lastTransitionTime;
    }

    public @Nullable Long getObservedGeneration() {
        return observedGeneration;
    }

    public void setObservedGeneration(@Nullable Long observedGeneration) {
        this.observedGeneration = observedGeneration;
    }
}
