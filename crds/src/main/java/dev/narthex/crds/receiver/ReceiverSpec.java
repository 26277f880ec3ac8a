// SPDX-License-Identifier: Apache-2.0
package dev.narthex.crds.receiver;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.narthex.crds.FieldPatterns;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which alerts go where. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(value = "has(self.webhook)", message = "at least one integration: set webhook")
public class ReceiverSpec {
    @JsonPropertyDescription(
            "Namespace (when it is missing): only alerts whose namespace label is the namespace of this resource. Cluster: all alerts; needs the consent of the StorageVolume (select.receivers.clusterScopeFrom).")
    private @Nullable ReceiverScope scope;

    @JsonPropertyDescription(
            "Conditions on labels that an alert must all meet, as severity=\"critical\"; every alert in scope when it is missing.")
    @Size(max = 32)
    private @Nullable List<@Size(min = 1, max = 1024) String> matchers;

    @JsonPropertyDescription("Labels that alerts are grouped by into one notification; ... for no grouping.")
    @Size(max = 32)
    private @Nullable List<@Size(min = 1, max = 128) String> groupBy;

    @JsonPropertyDescription("How long a new group waits for more alerts; 30s when it is missing.")
    @Size(min = 1, max = 32)
    @Pattern(FieldPatterns.DURATION)
    private @Nullable String groupWait;

    @JsonPropertyDescription("How long after a notification news of a group are held back; 5m when it is missing.")
    @Size(min = 1, max = 32)
    @Pattern(FieldPatterns.DURATION)
    private @Nullable String groupInterval;

    @JsonPropertyDescription("How long until an unchanged group is notified again; 4h when it is missing.")
    @Size(min = 1, max = 32)
    @Pattern(FieldPatterns.DURATION)
    private @Nullable String repeatInterval;

    @JsonPropertyDescription("Whether receivers behind this one see the alert too; true when it is missing.")
    @JsonProperty("continue")
    private @Nullable Boolean continueMatching;

    @JsonPropertyDescription(
            "Receivers of Cluster scope come first, then those of Namespace scope; among each the lower order, then the name; 0 when it is missing.")
    @Min(-1000)
    @Max(1000)
    private @Nullable Integer order;

    @JsonPropertyDescription("Posts notifications to a URL in the JSON form of Alertmanager.")
    @Size(min = 1, max = 20)
    private @Nullable List<WebhookSpec> webhook;

    public @Nullable ReceiverScope getScope() {
        return scope;
    }

    public void setScope(@Nullable ReceiverScope scope) {
        this.scope = scope;
    }

    public @Nullable List<String> getMatchers() {
        return matchers;
    }

    public void setMatchers(@Nullable List<String> matchers) {
        this.matchers = matchers;
    }

    public @Nullable List<String> getGroupBy() {
        return groupBy;
    }

    public void setGroupBy(@Nullable List<String> groupBy) {
        this.groupBy = groupBy;
    }

    public @Nullable String getGroupWait() {
        return groupWait;
    }

    public void setGroupWait(@Nullable String groupWait) {
        this.groupWait = groupWait;
    }

    public @Nullable String getGroupInterval() {
        return groupInterval;
    }

    public void setGroupInterval(@Nullable String groupInterval) {
        this.groupInterval = groupInterval;
    }

    public @Nullable String getRepeatInterval() {
        return repeatInterval;
    }

    public void setRepeatInterval(@Nullable String repeatInterval) {
        this.repeatInterval = repeatInterval;
    }

    public @Nullable Boolean getContinueMatching() {
        return continueMatching;
    }

    public void setContinueMatching(@Nullable Boolean continueMatching) {
        this.continueMatching = continueMatching;
    }

    public @Nullable Integer getOrder() {
        return order;
    }

    public void setOrder(@Nullable Integer order) {
        this.order = order;
    }

    public @Nullable List<WebhookSpec> getWebhook() {
        return webhook;
    }

    public void setWebhook(@Nullable List<WebhookSpec> webhook) {
        this.webhook = webhook;
    }
}
