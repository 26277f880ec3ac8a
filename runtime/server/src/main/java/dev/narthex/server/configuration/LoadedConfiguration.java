// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.configuration;

import dev.narthex.config.AlertmanagerConfig;
import dev.narthex.config.Configuration;
import dev.narthex.config.PrometheusConfig;
import dev.narthex.config.section.ResourceId;
import dev.narthex.config.section.ResourceSection;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What runs, and how the last loading went. Immutable.
 *
 * @param configuration what runs
 * @param read the sections last read, by resource; empty where the configuration comes from files
 * @param running the sections that run
 * @param rejected why sections last read were refused
 * @param hash over the sections last read, empty before the first
 * @param loadedAt when the configuration that runs was put to work, null before the first
 * @param error why the last loading failed as a whole, empty where it did not
 */
public record LoadedConfiguration(
        Configuration configuration,
        SortedMap<ResourceId, ResourceSection> read,
        SortedMap<ResourceId, ResourceSection> running,
        SortedMap<ResourceId, String> rejected,
        String hash,
        @Nullable Instant loadedAt,
        String error) {
    /** Before anything was loaded. */
    static final LoadedConfiguration NONE = new LoadedConfiguration(
            new Configuration(PrometheusConfig.EMPTY, List.of(), AlertmanagerConfig.EMPTY),
            Collections.emptySortedMap(),
            Collections.emptySortedMap(),
            Collections.emptySortedMap(),
            "",
            null,
            "");

    public LoadedConfiguration {
        read = Collections.unmodifiableSortedMap(new TreeMap<>(read));
        running = Collections.unmodifiableSortedMap(new TreeMap<>(running));
        rejected = Collections.unmodifiableSortedMap(new TreeMap<>(rejected));
    }

    /** Whether the last loading went well. */
    public boolean isGood() {
        return error.isEmpty();
    }

    LoadedConfiguration withError(String problem) {
        return new LoadedConfiguration(configuration, read, running, rejected, hash, loadedAt, problem);
    }
}
