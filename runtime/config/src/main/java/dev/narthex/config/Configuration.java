// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config;

import java.util.List;

/**
 * All that a runtime is told to do: what Prometheus reads from prometheus.yml and rule files and what Alertmanager
 * reads from alertmanager.yml, whether it came from files, from resources, or from both.
 */
public record Configuration(
        PrometheusConfig prometheus, List<RuleGroupConfig> ruleGroups, AlertmanagerConfig alertmanager) {
    public Configuration {
        ruleGroups = List.copyOf(ruleGroups);
    }
}
