// SPDX-License-Identifier: Apache-2.0
package dev.narthex.crds.storagevolume;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** Which resources belong to a StorageVolume, by kind. The namespace of the StorageVolume itself has every consent. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public class Selection {
    @JsonPropertyDescription("Which ScrapeTargets; all when it is missing.")
    private @Nullable ScrapeTargetSelection scrapeTargets;

    @JsonPropertyDescription("Which AlertRules; all when it is missing.")
    private @Nullable AlertRuleSelection alertRules;

    @JsonPropertyDescription("Which Receivers; all when it is missing.")
    private @Nullable ReceiverSelection receivers;

    public @Nullable ScrapeTargetSelection getScrapeTargets() {
        return scrapeTargets;
    }

    public void setScrapeTargets(@Nullable ScrapeTargetSelection scrapeTargets) {
        this.scrapeTargets = scrapeTargets;
    }

    public @Nullable AlertRuleSelection getAlertRules() {
        return alertRules;
    }

    public void setAlertRules(@Nullable AlertRuleSelection alertRules) {
        this.alertRules = alertRules;
    }

    public @Nullable ReceiverSelection getReceivers() {
        return receivers;
    }

    public void setReceivers(@Nullable ReceiverSelection receivers) {
        this.receivers = receivers;
    }
}
