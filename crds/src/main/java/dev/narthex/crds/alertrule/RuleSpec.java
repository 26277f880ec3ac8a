// SPDX-License-Identifier: Apache-2.0
package dev.narthex.crds.alertrule;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.narthex.crds.FieldPatterns;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An alerting or a recording rule. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(value = "has(self.alert) != has(self.record)", message = "a rule has either alert or record")
@ValidationRule(
        value = "!has(self.record) || !(has(self.__for__) || has(self.keepFiringFor) || has(self.annotations))",
        message = "for, keepFiringFor and annotations go with alert only")
public class RuleSpec {
    @JsonPropertyDescription("Name of the alert.")
    @Size(min = 1, max = 253)
    private @Nullable String alert;

    @JsonPropertyDescription("Name of the series that the result is stored as.")
    @Size(min = 1, max = 253)
    @Pattern(FieldPatterns.METRIC_NAME)
    private @Nullable String record;

    @JsonPropertyDescription("PromQL expression.")
    @Required
    @Size(min = 1, max = 16384)
    private @Nullable String expr;

    @JsonPropertyDescription("How long the expression must hold before the alert fires.")
    @JsonProperty("for")
    @Size(min = 1, max = 32)
    @Pattern(FieldPatterns.DURATION)
    private @Nullable String forDuration;

    @JsonPropertyDescription("How long the alert goes on firing after the expression has ceased to hold.")
    @Size(min = 1, max = 32)
    @Pattern(FieldPatterns.DURATION)
    private @Nullable String keepFiringFor;

    @JsonPropertyDescription("Labels added to the result; those of an alert may hold templates.")
    @Size(max = 32)
    @ValidationRule(
            value = "self.all(name, name.matches('^[a-zA-Z_][a-zA-Z0-9_]*$') && !name.startsWith('__'))",
            message =
                    "labels: label names consist of letters, digits and underscores, do not start with a digit and not with __")
    private @Nullable Map<String, @Size(max = 4096) String> labels;

    @JsonPropertyDescription("Texts of an alert for people, with templates.")
    @Size(max = 32)
    @ValidationRule(
            value = "self.all(name, name.matches('^[a-zA-Z_][a-zA-Z0-9_]*$') && !name.startsWith('__'))",
            message =
                    "annotations: label names consist of letters, digits and underscores, do not start with a digit and not with __")
    private @Nullable Map<String, @Size(max = 8192) String> annotations;

    public @Nullable String getAlert() {
        return alert;
    }

    public void setAlert(@Nullable String alert) {
        this.alert = alert;
    }

    public @Nullable String getRecord() {
        return record;
    }

    public void setRecord(@Nullable String record) {
        this.record = record;
    }

    public @Nullable String getExpr() {
        return expr;
    }

    public void setExpr(@Nullable String expr) {
        this.expr = expr;
    }

    public @Nullable String getForDuration() {
        return forDuration;
    }

    public void setForDuration(@Nullable String forDuration) {
        this.forDuration = forDuration;
    }

    public @Nullable String getKeepFiringFor() {
        return keepFiringFor;
    }

    public void setKeepFiringFor(@Nullable String keepFiringFor) {
        this.keepFiringFor = keepFiringFor;
    }

    public @Nullable Map<String, String> getLabels() {
        return labels;
    }

    public void setLabels(@Nullable Map<String, String> labels) {
        this.labels = labels;
    }

    public @Nullable Map<String, String> getAnnotations() {
        return annotations;
    }

    public void setAnnotations(@Nullable Map<String, String> annotations) {
        this.annotations = annotations;
    }
}
