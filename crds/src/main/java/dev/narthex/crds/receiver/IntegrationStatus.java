// SPDX-License-Identifier: Apache-2.0
package dev.narthex.crds.receiver;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** What became of the notifications of one integration. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public class IntegrationStatus {
    @JsonPropertyDescription("The kind: webhook.")
    @Required
    @Size(max = 32)
    private @Nullable String type;

    @JsonPropertyDescription("Notifications delivered.")
    @Min(0)
    private @Nullable Long sent;

    @JsonPropertyDescription("Notifications that failed.")
    @Min(0)
    private @Nullable Long failed;

    @JsonPropertyDescription("Why the last one failed, empty after a success.")
    @Size(max = 1024)
    private @Nullable String lastError;

    @JsonPropertyDescription("When one was last delivered, RFC 3339.")
    @Size(max = 40)
    private @Nullable String lastSuccess;

    public @Nullable String getType() {
        return type;
    }

    public void setType(@Nullable String type) {
        this.type = type;
    }

    public @Nullable Long getSent() {
        return sent;
    }

    public void setSent(@Nullable Long sent) {
        this.sent = sent;
    }

    public @Nullable Long getFailed() {
        return failed;
    }

    public void setFailed(@Nullable Long failed) {
        this.failed = failed;
    }

    public @Nullable String getLastError() {
        return lastError;
    }

    public void setLastError(@Nullable String lastError) {
        this.lastError = lastError;
    }

    public @Nullable String getLastSuccess() {
        return lastSuccess;
    }

    public void setLastSuccess(@Nullable String lastSuccess) {
        this.lastSuccess = lastSuccess;
    }
}
