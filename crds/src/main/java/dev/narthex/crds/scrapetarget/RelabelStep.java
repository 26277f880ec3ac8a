// SPDX-License-Identifier: Apache-2.0
package dev.narthex.crds.scrapetarget;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One step of relabelling, as in a Prometheus configuration. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public class RelabelStep {
    @JsonPropertyDescription("Labels whose values are joined.")
    @Size(max = 32)
    private @Nullable List<@Size(min = 1, max = 256) String> sourceLabels;

    @JsonPropertyDescription("What joins them; a semicolon when it is missing.")
    @Size(max = 16)
    private @Nullable String separator;

    @JsonPropertyDescription("Regular expression (RE2, anchored) for the joined value; (.*) when it is missing.")
    @Size(max = 4096)
    private @Nullable String regex;

    @JsonPropertyDescription("For hashmod: the hash of the joined value modulo this.")
    @Min(1)
    private @Nullable Long modulus;

    @JsonPropertyDescription("The label to set.")
    @Size(min = 1, max = 256)
    private @Nullable String targetLabel;

    @JsonPropertyDescription("The value to set; $1 when it is missing.")
    @Size(max = 1024)
    private @Nullable String replacement;

    @JsonPropertyDescription("What to do; replace when it is missing.")
    private @Nullable RelabelStepAction action;

    public @Nullable List<String> getSourceLabels() {
        return sourceLabels;
    }

    public void setSourceLabels(@Nullable List<String> sourceLabels) {
        this.sourceLabels = sourceLabels;
    }

    public @Nullable String getSeparator() {
        return separator;
    }

    public void setSeparator(@Nullable String separator) {
        this.separator = separator;
    }

    public @Nullable String getRegex() {
        return regex;
    }

    public void setRegex(@Nullable String regex) {
        this.regex = regex;
    }

    public @Nullable Long getModulus() {
        return modulus;
    }

    public void setModulus(@Nullable Long modulus) {
        this.modulus = modulus;
    }

    public @Nullable String getTargetLabel() {
        return targetLabel;
    }

    public void setTargetLabel(@Nullable String targetLabel) {
        this.targetLabel = targetLabel;
    }

    public @Nullable String getReplacement() {
        return replacement;
    }

    public void setReplacement(@Nullable String replacement) {
        this.replacement = replacement;
    }

    public @Nullable RelabelStepAction getAction() {
        return action;
    }

    public void setAction(@Nullable RelabelStepAction action) {
        this.action = action;
    }
}
