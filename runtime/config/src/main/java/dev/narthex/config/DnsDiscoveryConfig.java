// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config;

import java.time.Duration;
import java.util.List;

/**
 * One entry of {@code dns_sd_configs}: targets are the records of names.
 *
 * @param type of records: {@code SRV}, {@code A}, {@code AAAA}, {@code MX} or {@code NS}
 * @param port of the targets where records carry none; 0 for SRV
 */
public record DnsDiscoveryConfig(List<String> names, Duration refreshInterval, String type, int port)
        implements DiscoveryConfig {
    public static final Duration DEFAULT_REFRESH_INTERVAL = Duration.ofSeconds(30);
    public static final String DEFAULT_TYPE = "SRV";

    public DnsDiscoveryConfig {
        names = List.copyOf(names);
    }
}
