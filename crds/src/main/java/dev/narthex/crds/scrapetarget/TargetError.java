// SPDX-License-Identifier: Apache-2.0
package dev.narthex.crds.scrapetarget;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** A target that is down. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public class TargetError {
    @JsonPropertyDescription("The URL that was scraped.")
    @Required
    @Size(max = 2048)
    private @Nullable String url;

    @JsonPropertyDescription("Why it failed.")
    @Required
    @Size(max = 1024)
    private @Nullable String error;

    public @Nullable String getUrl() {
        return url;
    }

    public void setUrl(@Nullable String url) {
        this.url = url;
    }

    public @Nullable String getError() {
        return error;
    }

    public void setError(@Nullable String error) {
        this.error = error;
    }
}
