// SPDX-License-Identifier: Apache-2.0
package dev.narthex.crds.receiver;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.narthex.crds.FieldPatterns;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** Posts notifications to a URL. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(value = "has(self.url) != has(self.urlSecret)", message = "set either url or urlSecret")
public class WebhookSpec {
    @JsonPropertyDescription("The URL; whoever may read this resource sees it.")
    @Size(min = 1, max = 2048)
    @Pattern(FieldPatterns.HTTP_URL)
    private @Nullable String url;

    @JsonPropertyDescription("The key of a Secret of the same namespace that holds the URL.")
    private @Nullable SecretKeyReference urlSecret;

    @JsonPropertyDescription("Whether the end of alerts is notified too; true when it is missing.")
    private @Nullable Boolean sendResolved;

    @JsonPropertyDescription("Most alerts in a notification; all when it is missing or 0.")
    @Min(0)
    @Max(1000000)
    private @Nullable Integer maxAlerts;

    @JsonPropertyDescription("How long a delivery may take; that of the notification when it is missing.")
    @Size(min = 1, max = 32)
    @Pattern(FieldPatterns.DURATION)
    private @Nullable String timeout;

    public @Nullable String getUrl() {
        return url;
    }

    public void setUrl(@Nullable String url) {
        this.url = url;
    }

    public @Nullable SecretKeyReference getUrlSecret() {
        return urlSecret;
    }

    public void setUrlSecret(@Nullable SecretKeyReference urlSecret) {
        this.urlSecret = urlSecret;
    }

    public @Nullable Boolean getSendResolved() {
        return sendResolved;
    }

    public void setSendResolved(@Nullable Boolean sendResolved) {
        this.sendResolved = sendResolved;
    }

    public @Nullable Integer getMaxAlerts() {
        return maxAlerts;
    }

    public void setMaxAlerts(@Nullable Integer maxAlerts) {
        this.maxAlerts = maxAlerts;
    }

    public @Nullable String getTimeout() {
        return timeout;
    }

    public void setTimeout(@Nullable String timeout) {
        this.timeout = timeout;
    }
}
