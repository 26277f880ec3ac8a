// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config;

import java.util.List;

/**
 * The {@code alerting} section: the Alertmanagers beside this process.
 *
 * @param alertRelabelConfigs applied to every alert before it is sent
 */
public record AlertingConfig(List<RelabelConfig> alertRelabelConfigs, List<AlertmanagerTargetsConfig> alertmanagers) {
    public static final AlertingConfig NONE = new AlertingConfig(List.of(), List.of());

    public AlertingConfig {
        alertRelabelConfigs = List.copyOf(alertRelabelConfigs);
        alertmanagers = List.copyOf(alertmanagers);
    }
}
