// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A valid entry of a {@code *_sd_configs} list that Prometheus has and Narthex has not: it is checked and shown, never
 * run.
 *
 * @param kind such as {@code consul}
 * @param fields the fields with their defaults, secrets hidden, as Prometheus shows them
 */
public record ForeignDiscoveryConfig(String kind, Map<String, Object> fields) implements DiscoveryConfig {
    public ForeignDiscoveryConfig {
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }
}
