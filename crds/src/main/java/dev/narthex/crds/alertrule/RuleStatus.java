// SPDX-License-Identifier: Apache-2.0
package dev.narthex.crds.alertrule;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** What became of one rule. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public class RuleStatus {
    @JsonPropertyDescription("The alert or the recorded series.")
    @Required
    @Size(max = 253)
    private @Nullable String name;

    @JsonPropertyDescription("alerting or recording.")
    @Size(max = 16)
    private @Nullable String type;

    @JsonPropertyDescription("ok, err, or unknown before the first evaluation.")
    @Size(max = 16)
    private @Nullable String health;

    @JsonPropertyDescription("inactive, pending or firing; only of an alert.")
    @Size(max = 16)
    private @Nullable String state;

    @JsonPropertyDescription("Alerts that are pending or firing.")
    @Min(0)
    private @Nullable Long activeAlerts;

    @JsonPropertyDescription("Why the last evaluation failed.")
    @Size(max = 1024)
    private @Nullable String lastError;

    public @Nullable String getName() {
        return name;
    }

    public void setName(@Nullable String name) {
        this.name = name;
    }

    public @Nullable String getType() {
        return type;
    }

    public void setType(@Nullable String type) {
        this.type = type;
    }

    public @Nullable String getHealth() {
        return health;
    }

    public void setHealth(@Nullable String health) {
        this.health = health;
    }

    public @Nullable String getState() {
        return state;
    }

    public void setState(@Nullable String state) {
        this.state = state;
    }

    public @Nullable Long getActiveAlerts() {
        return activeAlerts;
    }

    public void setActiveAlerts(@Nullable Long activeAlerts) {
        this.activeAlerts = activeAlerts;
    }

    public @Nullable String getLastError() {
        return lastError;
    }

    public void setLastError(@Nullable String lastError) {
        this.lastError = lastError;
    }
}
