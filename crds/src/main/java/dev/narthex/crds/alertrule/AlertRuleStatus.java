// SPDX-License-Identifier: Apache-2.0
package dev.narthex.crds.alertrule;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.narthex.crds.condition.Condition;
import dev.narthex.crds.condition.Conditioned;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the runtimes do with an AlertRule; counts are summed over the storage volumes that select it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public class AlertRuleStatus implements Conditioned {
    @JsonPropertyDescription("The generation of the resource that the status speaks of.")
    @Min(0)
    private @Nullable Long observedGeneration;

    @JsonPropertyDescription("Rules of the group.")
    @Min(0)
    private @Nullable Long ruleCount;

    @JsonPropertyDescription("Active alerts that fire.")
    @Min(0)
    private @Nullable Long firing;

    @JsonPropertyDescription("Active alerts that wait for their time.")
    @Min(0)
    private @Nullable Long pending;

    @JsonPropertyDescription("Rules whose last evaluation failed.")
    @Min(0)
    private @Nullable Long errors;

    @JsonPropertyDescription("Each rule, in order.")
    @Size(max = 200)
    private @Nullable List<RuleStatus> rules;

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

    public @Nullable Long getRuleCount() {
        return ruleCount;
    }

    public void setRuleCount(@Nullable Long ruleCount) {
        this.ruleCount = ruleCount;
    }

    public @Nullable Long getFiring() {
        return firing;
    }

    public void setFiring(@Nullable Long firing) {
        this.firing = firing;
    }

    public @Nullable Long getPending() {
        return pending;
    }

    public void setPending(@Nullable Long pending) {
        this.pending = pending;
    }

    public @Nullable Long getErrors() {
        return errors;
    }

    public void setErrors(@Nullable Long errors) {
        this.errors = errors;
    }

    public @Nullable List<RuleStatus> getRules() {
        return rules;
    }

    public void setRules(@Nullable List<RuleStatus> rules) {
        this.rules = rules;
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
