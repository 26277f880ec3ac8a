// SPDX-License-Identifier: Apache-2.0
package dev.narthex.crds.storagevolume;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.narthex.crds.FieldPatterns;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Namespaces, by name or by label; a namespace belongs to it when one of the two fits. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value =
                "(has(self.any) && self.any) != (has(self.names) || (has(self.matchLabels) && self.matchLabels.size() > 0))",
        message = "set either any: true, or names, matchLabels or both")
public class NamespaceSelection {
    @JsonPropertyDescription("True for all namespaces.")
    private @Nullable Boolean any;

    @JsonPropertyDescription("Namespaces by name.")
    @Size(min = 1, max = 200)
    private @Nullable List<@Size(min = 1, max = 63) @Pattern(FieldPatterns.DNS_LABEL) String> names;

    @JsonPropertyDescription("Labels that a namespace must all have.")
    @Size(max = 32)
    private @Nullable Map<String, @Size(max = 63) String> matchLabels;

    public @Nullable Boolean getAny() {
        return any;
    }

    public void setAny(@Nullable Boolean any) {
        this.any = any;
    }

    public @Nullable List<String> getNames() {
        return names;
    }

    public void setNames(@Nullable List<String> names) {
        this.names = names;
    }

    public @Nullable Map<String, String> getMatchLabels() {
        return matchLabels;
    }

    public void setMatchLabels(@Nullable Map<String, String> matchLabels) {
        this.matchLabels = matchLabels;
    }
}
