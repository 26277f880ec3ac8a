// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config;

import java.time.Duration;

/**
 * One entry of {@code http_sd_configs}: target groups are fetched as JSON.
 *
 * @param url {@code http} or {@code https}; may hold a password, hence a secret
 */
public record HttpDiscoveryConfig(Secret url, Duration refreshInterval, HttpClientConfig httpClient)
        implements DiscoveryConfig {
    public static final Duration DEFAULT_REFRESH_INTERVAL = Duration.ofMinutes(1);
}
