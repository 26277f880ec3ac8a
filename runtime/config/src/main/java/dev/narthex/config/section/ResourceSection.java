// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.section;

/**
 * What one resource adds to the configuration.
 *
 * @param id the resource
 * @param generation the {@code metadata.generation} that the section was made of
 * @param yaml a fragment of a standard file: {@code scrape_configs} for a ScrapeTarget, {@code groups} for an
 *     AlertRule, {@code route} and {@code receivers} with an {@code order} for a Receiver, {@code global} for the
 *     StorageVolume; names in it are those of {@link ResourceNames}
 */
public record ResourceSection(ResourceId id, long generation, String yaml) implements Comparable<ResourceSection> {
    @Override
    public int compareTo(ResourceSection other) {
        return id.compareTo(other.id);
    }
}
