// SPDX-License-Identifier: Apache-2.0
package dev.narthex.crds.storagevolume;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which AlertRules belong to a StorageVolume. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public class AlertRuleSelection {
    @JsonPropertyDescription("Namespaces whose resources belong to the volume; all when it is missing.")
    private @Nullable NamespaceSelection namespaces;

    @JsonPropertyDescription("Labels that the resources must have.")
    @Size(max = 32)
    private @Nullable Map<String, @Size(max = 63) String> matchLabels;

    @JsonPropertyDescription(
            "Consent: namespaces whose AlertRules keep the namespace label that their expression yields instead of their own.")
    private @Nullable NamespaceSelection clusterScopeFrom;

    public @Nullable NamespaceSelection getNamespaces() {
        return namespaces;
    }

    public void setNamespaces(@Nullable NamespaceSelection namespaces) {
        this.namespaces = namespaces;
    }

    public @Nullable Map<String, String> getMatchLabels() {
        return matchLabels;
    }

    public void setMatchLabels(@Nullable Map<String, String> matchLabels) {
        this.matchLabels = matchLabels;
    }

    public @Nullable NamespaceSelection getClusterScopeFrom() {
        return clusterScopeFrom;
    }

    public void setClusterScopeFrom(@Nullable NamespaceSelection clusterScopeFrom) {
        this.clusterScopeFrom = clusterScopeFrom;
    }
}
