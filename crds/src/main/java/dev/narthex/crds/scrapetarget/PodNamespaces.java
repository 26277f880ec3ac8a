// SPDX-License-Identifier: Apache-2.0
package dev.narthex.crds.scrapetarget;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.narthex.crds.FieldPatterns;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Namespaces to look for pods in. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(value = "(has(self.any) && self.any) != has(self.names)", message = "set either any: true or names")
public class PodNamespaces {
    @JsonPropertyDescription("True for all namespaces.")
    private @Nullable Boolean any;

    @JsonPropertyDescription("Namespaces by name.")
    @Size(min = 1, max = 100)
    private @Nullable List<@Size(min = 1, max = 63) @Pattern(FieldPatterns.DNS_LABEL) String> names;

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
}
