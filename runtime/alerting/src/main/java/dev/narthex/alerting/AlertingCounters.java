// SPDX-License-Identifier: Apache-2.0
package dev.narthex.alerting;

import java.util.Map;

/**
 * What alerting has and has done, for metrics.
 *
 * @param activeAlerts alerts that have not ended and are not silenced: {@code alertmanager_alerts{state="active"}}
 * @param suppressedAlerts alerts that have not ended and are silenced
 * @param receivedFiring alerts that came in and had not ended: {@code alertmanager_alerts_received_total}
 * @param receivedResolved alerts that came in and had ended
 * @param invalid alerts that were refused: {@code alertmanager_alerts_invalid_total}
 * @param suppressedNotifications alerts that were left out of a notification since they are silenced: {@code
 *     alertmanager_notifications_suppressed_total}
 * @param silences by their state: {@code alertmanager_silences}
 * @param aggregationGroups {@code alertmanager_dispatcher_aggregation_groups}
 * @param receivers {@code alertmanager_receivers}
 * @param integrations {@code alertmanager_integrations}
 */
public record AlertingCounters(
        long activeAlerts,
        long suppressedAlerts,
        long receivedFiring,
        long receivedResolved,
        long invalid,
        long suppressedNotifications,
        Map<SilenceState, Long> silences,
        int aggregationGroups,
        int receivers,
        int integrations) {
    /** What there is before the start. */
    public static final AlertingCounters NONE = new AlertingCounters(0, 0, 0, 0, 0, 0, Map.of(), 0, 0, 0);

    public AlertingCounters {
        silences = Map.copyOf(silences);
    }
}
