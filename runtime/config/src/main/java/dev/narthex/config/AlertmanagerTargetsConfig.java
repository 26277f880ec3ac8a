// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * One entry of {@code alerting.alertmanagers}: how a set of Alertmanagers is found and talked to.
 *
 * @param timeout of a request
 * @param pathPrefix in front of the path of the API
 * @param awsSignature the fields of {@code sigv4}, secrets hidden; empty where there is none
 * @param alertRelabelConfigs applied to alerts for these Alertmanagers alone
 */
public record AlertmanagerTargetsConfig(
        String scheme,
        String pathPrefix,
        Duration timeout,
        HttpClientConfig httpClient,
        Map<String, Object> awsSignature,
        List<DiscoveryConfig> discoveries,
        List<RelabelConfig> relabelConfigs,
        List<RelabelConfig> alertRelabelConfigs) {
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

    public AlertmanagerTargetsConfig {
        awsSignature = Map.copyOf(awsSignature);
        discoveries = List.copyOf(discoveries);
        relabelConfigs = List.copyOf(relabelConfigs);
        alertRelabelConfigs = List.copyOf(alertRelabelConfigs);
    }
}
