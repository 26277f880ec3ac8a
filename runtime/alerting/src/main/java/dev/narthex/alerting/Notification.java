// SPDX-License-Identifier: Apache-2.0
package dev.narthex.alerting;

import dev.narthex.model.Alert;
import dev.narthex.model.Labels;
import java.time.Instant;
import java.util.List;

/**
 * What an integration is to deliver.
 *
 * @param receiver the receiver's name
 * @param groupKey in Alertmanager's form
 * @param groupLabels the labels that the alerts are grouped by
 * @param alerts in the order in which they are shown
 * @param now when the group was flushed: alerts that had ended by then are resolved
 */
record Notification(
        String receiver,
        String groupKey,
        Labels groupLabels,
        List<Alert> alerts,
        NotificationReason reason,
        Instant now) {
    Notification {
        alerts = List.copyOf(alerts);
    }

    /** The same notification with fewer alerts. */
    Notification withAlerts(List<Alert> fewer) {
        return new Notification(receiver, groupKey, groupLabels, fewer, reason, now);
    }
}
