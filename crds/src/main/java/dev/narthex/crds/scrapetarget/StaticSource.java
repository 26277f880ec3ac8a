// SPDX-License-Identifier: Apache-2.0
package dev.narthex.crds.scrapetarget;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.narthex.crds.FieldPatterns;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Addresses that are written down. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public class StaticSource {
    @JsonPropertyDescription("Addresses, host:port.")
    @Required
    @Size(min = 1, max = 500)
    private @Nullable List<@Size(min = 1, max = 261) @Pattern(FieldPatterns.ADDRESS) String> addresses;

    public @Nullable List<String> getAddresses() {
        return addresses;
    }

    public void setAddresses(@Nullable List<String> addresses) {
        this.addresses = addresses;
    }
}
