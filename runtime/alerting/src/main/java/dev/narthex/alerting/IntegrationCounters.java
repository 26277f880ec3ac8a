// SPDX-License-Identifier: Apache-2.0
package dev.narthex.alerting;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counts the deliveries of one integration. Safe for use by many threads. */
final class IntegrationCounters {
    private final Map<FailureReason, Long> failed = new EnumMap<>(FailureReason.class);
    private long notifications;
    private long requests;
    private long failedRequests;
    private long latencyNanos;
    private String lastError = "";
    private @Nullable Instant lastErrorAt;
    private @Nullable Instant lastSuccess;

    synchronized void notificationBegins() {
        notifications++;
    }

    synchronized void requestEnds(long nanos) {
        requests++;
        latencyNanos += nanos;
    }

    synchronized void requestFails(String error, Instant now) {
        failedRequests++;
        lastError = error;
        lastErrorAt = now;
    }

    synchronized void delivered(Instant now) {
        lastSuccess = now;
    }

    synchronized void notificationFails(FailureReason reason) {
        failed.merge(reason, 1L, Long::sum);
    }

    synchronized IntegrationView view(ReceiverIntegration integration) {
        return new IntegrationView(
                integration.receiver(),
                integration.config().type(),
                integration.index(),
                integration.config().sendResolved(),
                notifications,
                Map.copyOf(failed),
                requests,
                failedRequests,
                Duration.ofNanos(latencyNanos),
                lastError,
                lastErrorAt,
                lastSuccess);
    }
}
