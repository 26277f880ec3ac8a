// SPDX-License-Identifier: Apache-2.0
package dev.narthex.crds.storagevolume;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.narthex.crds.FieldPatterns;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** How long data is kept. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public class Retention {
    @JsonPropertyDescription("Age after which data is deleted, such as 15d; 15d when it is missing.")
    @Size(min = 1, max = 32)
    @Pattern(FieldPatterns.DURATION)
    private @Nullable String time;

    public @Nullable String getTime() {
        return time;
    }

    public void setTime(@Nullable String time) {
        this.time = time;
    }
}
