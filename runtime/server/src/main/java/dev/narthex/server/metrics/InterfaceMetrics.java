// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.metrics;

import dev.narthex.exposition.ExpositionWriter;
import dev.narthex.server.api.FederationApi;
import dev.narthex.server.notification.Notifications;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Metrics of single endpoints: notifications, federation, remote read. */
public final class InterfaceMetrics implements MetricSource {
    private final Notifications notifications;
    private final FederationApi federation;
    private final IntSupplier remoteReads;
    private final @Nullable LongSupplier invalidSamples;

    /**
     * @param remoteReads requests that are being answered
     * @param invalidSamples samples of remote writes that were rejected since their labels are those of no series; null
     *     where no remote write is taken
     */
    public InterfaceMetrics(
            Notifications notifications,
            FederationApi federation,
            IntSupplier remoteReads,
            @Nullable LongSupplier invalidSamples) {
        this.notifications = notifications;
        this.federation = federation;
        this.remoteReads = remoteReads;
        this.invalidSamples = invalidSamples;
    }

    @Override
    public void writeTo(ExpositionWriter out) {
        Notifications.Counts counts = notifications.counts();
        new Families(out)
                .gauge(
                        "prometheus_api_notification_active_subscribers",
                        "The current number of active notification subscribers.",
                        counts.subscribers())
                .counter(
                        "prometheus_api_notification_updates_sent_total",
                        "Total number of notification updates sent.",
                        (double) counts.sent())
                .counter(
                        "prometheus_api_notification_updates_dropped_total",
                        "Total number of notification updates dropped.",
                        (double) counts.dropped())
                .gauge(
                        "prometheus_remote_read_handler_queries",
                        "The current number of remote read queries that are either in execution or queued on the"
                                + " handler.",
                        remoteReads.getAsInt())
                .counter(
                        "prometheus_web_federation_errors_total",
                        "Total number of errors that occurred while sending federation responses.",
                        (double) federation.errors())
                .counter(
                        "prometheus_web_federation_warnings_total",
                        "Total number of warnings that occurred while sending federation responses.",
                        0);
        if (invalidSamples != null) {
            new Families(out)
                    .counter(
                            "prometheus_api_remote_write_invalid_labels_samples_total",
                            "The total number of received remote write samples and histogram samples which were rejected"
                                    + " due to invalid labels.",
                            (double) invalidSamples.getAsLong());
        }
    }
}
