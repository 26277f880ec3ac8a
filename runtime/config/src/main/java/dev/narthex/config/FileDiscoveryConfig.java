// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config;

import java.time.Duration;
import java.util.List;

/**
 * One entry of {@code file_sd_configs}: target groups are read from files, again when these change.
 *
 * @param files paths of JSON or YAML files, with {@code *} in the last part where wanted; absolute, or relative to the
 *     folder of the process
 * @param refreshInterval after which files are read again, changed or not
 */
public record FileDiscoveryConfig(List<String> files, Duration refreshInterval) implements DiscoveryConfig {
    public static final Duration DEFAULT_REFRESH_INTERVAL = Duration.ofMinutes(5);

    public FileDiscoveryConfig {
        files = List.copyOf(files);
    }
}
