// SPDX-License-Identifier: Apache-2.0
package dev.narthex.alerting;

/**
 * What alerting has and has done, for metrics.
 *
 * @param activeAlerts alerts that have not ended: {@code alertmanager_alerts{state="active"}}
 * @param receivedFiring alerts that came in and had not ended: {@code alertmanager_alerts_received_total}
 * @param receivedResolved alerts that came in and had ended
 * @param invalid alerts that were refused: {@code alertmanager_alerts_invalid_total}
 * @param aggregationGroups {@code alertmanager_dispatcher_aggregation_groups}
 * @param receivers {@code alertmanager_receivers}
 * @param integrations {@code alertmanager_integrations}
 */
public record AlertingCounters(
        long activeAlerts,
        long receivedFiring,
        long receivedResolved,
        long invalid,
        int aggregationGroups,
        int receivers,
        int integrations) {}
