// SPDX-License-Identifier: Apache-2.0
package dev.narthex.crds.scrapetarget;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A label selector as elsewhere in Kubernetes: all conditions must hold. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public class PodSelector {
    @JsonPropertyDescription("Labels with exactly these values.")
    @Size(max = 32)
    private @Nullable Map<String, @Size(max = 63) String> matchLabels;

    @JsonPropertyDescription("Conditions on labels.")
    @Size(max = 32)
    private @Nullable List<LabelExpression> matchExpressions;

    public @Nullable Map<String, String> getMatchLabels() {
        return matchLabels;
    }

    public void setMatchLabels(@Nullable Map<String, String> matchLabels) {
        this.matchLabels = matchLabels;
    }

    public @Nullable List<LabelExpression> getMatchExpressions() {
        return matchExpressions;
    }

    public void setMatchExpressions(@Nullable List<LabelExpression> matchExpressions) {
        this.matchExpressions = matchExpressions;
    }
}
