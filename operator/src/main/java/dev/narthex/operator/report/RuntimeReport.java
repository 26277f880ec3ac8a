// SPDX-License-Identifier: Apache-2.0
package dev.narthex.operator.report;

import dev.narthex.config.section.ResourceId;
import java.util.Map;

/**
 * What a runtime says it does (see {@code docs/resources-status.md}).
 *
 * @param volumeGeneration generation of the StorageVolume whose section runs, 0 before the first
 * @param hash of all sections last read, empty before the first
 * @param loadedAt when the running configuration was last changed, RFC 3339; empty before the first
 * @param error why the sections last read could not be used at all, else empty
 */
public record RuntimeReport(
        long volumeGeneration,
        String hash,
        String loadedAt,
        String error,
        StorageReport storage,
        Map<ResourceId, ResourceReport> resources) {
    public RuntimeReport {
        resources = Map.copyOf(resources);
    }

    /**
     * What the runtime stores.
     *
     * @param oldestSampleMs milliseconds since 1970, -1 where there is no sample
     */
    public record StorageReport(long series, double samplesPerSecond, long bytesUsed, long oldestSampleMs) {
        public static final StorageReport NONE = new StorageReport(0, 0, 0, -1);
    }
}
