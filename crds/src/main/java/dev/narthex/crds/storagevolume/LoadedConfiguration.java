// SPDX-License-Identifier: Apache-2.0
package dev.narthex.crds.storagevolume;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** The configuration that a runtime has loaded. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public class LoadedConfiguration {
    @JsonPropertyDescription("Hash of all sections.")
    @Size(max = 64)
    private @Nullable String hash;

    @JsonPropertyDescription("Generation of the StorageVolume that it was made from.")
    @Min(0)
    private @Nullable Long generation;

    @JsonPropertyDescription("When it was loaded, RFC 3339.")
    @Size(max = 40)
    private @Nullable String loadedAt;

    @JsonPropertyDescription("Why the newest configuration could not be loaded.")
    @Size(max = 1024)
    private @Nullable String error;

    public @Nullable String getHash() {
        return hash;
    }

    public void setHash(@Nullable String hash) {
        this.hash = hash;
    }

    public @Nullable Long getGeneration() {
        return generation;
    }

    public void setGeneration(@Nullable Long generation) {
        this.generation = generation;
    }

    public @Nullable String getLoadedAt() {
        return loadedAt;
    }

    public void setLoadedAt(@Nullable String loadedAt) {
        this.loadedAt = loadedAt;
    }

    public @Nullable String getError() {
        return error;
    }

    public void setError(@Nullable String error) {
        this.error = error;
    }
}
