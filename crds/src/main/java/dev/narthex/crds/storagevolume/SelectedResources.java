// SPDX-License-Identifier: Apache-2.0
package dev.narthex.crds.storagevolume;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import org.jspecify.annotations.Nullable;

/** How many resources belong to a StorageVolume. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public class SelectedResources {
    @JsonPropertyDescription("ScrapeTargets.")
    @Min(0)
    private @Nullable Integer scrapeTargets;

    @JsonPropertyDescription("AlertRules.")
    @Min(0)
    private @Nullable Integer alertRules;

    @JsonPropertyDescription("Receivers.")
    @Min(0)
    private @Nullable Integer receivers;

    @JsonPropertyDescription("Those of them that are invalid in their present form.")
    @Min(0)
    private @Nullable Integer rejected;

    public @Nullable Integer getScrapeTargets() {
        return scrapeTargets;
    }

    public void setScrapeTargets(@Nullable Integer scrapeTargets) {
        this.scrapeTargets = scrapeTargets;
    }

    public @Nullable Integer getAlertRules() {
        return alertRules;
    }

    public void setAlertRules(@Nullable Integer alertRules) {
        this.alertRules = alertRules;
    }

    public @Nullable Integer getReceivers() {
        return receivers;
    }

    public void setReceivers(@Nullable Integer receivers) {
        this.receivers = receivers;
    }

    public @Nullable Integer getRejected() {
        return rejected;
    }

    public void setRejected(@Nullable Integer rejected) {
        this.rejected = rejected;
    }
}
