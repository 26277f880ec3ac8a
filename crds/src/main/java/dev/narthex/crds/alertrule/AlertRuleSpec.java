// SPDX-License-Identifier: Apache-2.0
package dev.narthex.crds.alertrule;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.narthex.crds.FieldPatterns;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One rule group, evaluated in order. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public class AlertRuleSpec {
    @JsonPropertyDescription(
            "Time between evaluations, such as 30s; evaluationInterval of the StorageVolume when it is missing.")
    @Size(min = 1, max = 32)
    @Pattern(FieldPatterns.DURATION)
    private @Nullable String interval;

    @JsonPropertyDescription("How far back from now the expressions look.")
    @Size(min = 1, max = 32)
    @Pattern(FieldPatterns.DURATION)
    private @Nullable String queryOffset;

    @JsonPropertyDescription("Most series or alerts of a rule; no limit when it is missing.")
    @Min(0)
    @Max(2147483647)
    private @Nullable Integer limit;

    @JsonPropertyDescription("Labels added to what every rule makes; labels of a rule win.")
    @Size(max = 32)
    @ValidationRule(
            value = "self.all(name, name.matches('^[a-zA-Z_][a-zA-Z0-9_]*$') && !name.startsWith('__'))",
            message =
                    "labels: label names consist of letters, digits and underscores, do not start with a digit and not with __")
    private @Nullable Map<String, @Size(max = 1024) String> labels;

    @JsonPropertyDescription("The rules.")
    @Required
    @Size(min = 1, max = 200)
    private @Nullable List<RuleSpec> rules;

    public @Nullable String getInterval() {
        return interval;
    }

    public void setInterval(@Nullable String interval) {
        this.interval = interval;
    }

    public @Nullable String getQueryOffset() {
        return queryOffset;
    }

    public void setQueryOffset(@Nullable String queryOffset) {
        this.queryOffset = queryOffset;
    }

    public @Nullable Integer getLimit() {
        return limit;
    }

    public void setLimit(@Nullable Integer limit) {
        this.limit = limit;
    }

    public @Nullable Map<String, String> getLabels() {
        return labels;
    }

    public void setLabels(@Nullable Map<String, String> labels) {
        this.labels = labels;
    }

    public @Nullable List<RuleSpec> getRules() {
        return rules;
    }

    public void setRules(@Nullable List<RuleSpec> rules) {
        this.rules = rules;
    }
}
