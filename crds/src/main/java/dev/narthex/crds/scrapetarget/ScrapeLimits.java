// SPDX-License-Identifier: Apache-2.0
package dev.narthex.crds.scrapetarget;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.kubernetes.api.model.Quantity;
import org.jspecify.annotations.Nullable;

/** Limits of a scrape. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public class ScrapeLimits {
    @JsonPropertyDescription("Most samples of a scrape after relabelling; no limit when it is missing.")
    @Min(1)
    @Max(2147483647)
    private @Nullable Integer samples;

    @JsonPropertyDescription("Most bytes of an uncompressed body, such as 32Mi; no limit when it is missing.")
    private @Nullable Quantity bodySize;

    public @Nullable Integer getSamples() {
        return samples;
    }

    public void setSamples(@Nullable Integer samples) {
        this.samples = samples;
    }

    public @Nullable Quantity getBodySize() {
        return bodySize;
    }

    public void setBodySize(@Nullable Quantity bodySize) {
        this.bodySize = bodySize;
    }
}
