// SPDX-License-Identifier: Apache-2.0
package dev.narthex.alerting;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the deliveries of one integration of a receiver have gone, for status and metrics.
 *
 * @param receiver the receiver's name
 * @param type {@code webhook}
 * @param index the position among the receiver's integrations, from 0
 * @param notifications that were tried: {@code alertmanager_notifications_total}
 * @param failed those that failed for good, by reason: {@code alertmanager_notifications_failed_total}
 * @param requests single attempts: {@code alertmanager_notification_requests_total}
 * @param failedRequests single attempts that failed
 * @param latency time spent in attempts, all together
 * @param lastError why the last failed attempt failed, empty where none has
 * @param lastErrorAt when that was
 * @param lastSuccess when a notification was last delivered
 */
public record IntegrationView(
        String receiver,
        String type,
        int index,
        boolean sendResolved,
        long notifications,
        Map<FailureReason, Long> failed,
        long requests,
        long failedRequests,
        Duration latency,
        String lastError,
        @Nullable Instant lastErrorAt,
        @Nullable Instant lastSuccess) {
    /** Notifications that failed for good, whatever the reason. */
    public long failedTotal() {
        return failed.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Notifications that were delivered, or are being tried. */
    public long sent() {
        return notifications - failedTotal();
    }
}
