// SPDX-License-Identifier: Apache-2.0
package dev.narthex.crds.scrapetarget;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** Pods by label. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public class PodSource {
    @JsonPropertyDescription("Which pods, by their labels; an empty or missing selector selects all.")
    private @Nullable PodSelector selector;

    @JsonPropertyDescription("Namespaces to look in; only the namespace of this resource when it is missing.")
    private @Nullable PodNamespaces namespaces;

    public @Nullable PodSelector getSelector() {
        return selector;
    }

    public void setSelector(@Nullable PodSelector selector) {
        this.selector = selector;
    }

    public @Nullable PodNamespaces getNamespaces() {
        return namespaces;
    }

    public void setNamespaces(@Nullable PodNamespaces namespaces) {
        this.namespaces = namespaces;
    }
}
