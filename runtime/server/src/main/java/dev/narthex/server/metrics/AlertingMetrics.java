// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.metrics;

import dev.narthex.alerting.AlertingCounters;
import dev.narthex.alerting.FailureReason;
import dev.narthex.alerting.IntegrationView;
import dev.narthex.exposition.ExpositionWriter;
import dev.narthex.model.Labels;
import dev.narthex.model.MetricType;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** {@code alertmanager_*}: the names that Alertmanager has for the same. */
public final class AlertingMetrics implements MetricSource {
    private final Supplier<AlertingCounters> counters;
    private final Supplier<List<IntegrationView>> integrations;

    public AlertingMetrics(Supplier<AlertingCounters> counters, Supplier<List<IntegrationView>> integrations) {
        this.counters = counters;
        this.integrations = integrations;
    }

    @Override
    public void writeTo(ExpositionWriter out) {
        AlertingCounters now = counters.get();
        out.family("alertmanager_alerts", MetricType.GAUGE, "How many alerts by state.")
                .sample("alertmanager_alerts", "state", "active", (double) now.activeAlerts())
                .sample("alertmanager_alerts", "state", "suppressed", (double) now.suppressedAlerts())
                .sample("alertmanager_alerts", "state", "unprocessed", 0.0);
        out.family("alertmanager_alerts_received_total", MetricType.COUNTER, "The total number of received alerts.")
                .sample("alertmanager_alerts_received_total", "status", "firing", (double) now.receivedFiring())
                .sample("alertmanager_alerts_received_total", "status", "resolved", (double) now.receivedResolved());
        out.family(
                        "alertmanager_notifications_suppressed_total",
                        MetricType.COUNTER,
                        "The total number of notifications suppressed for being silenced, inhibited, outside of active"
                                + " time intervals or within muted time intervals.")
                .sample("alertmanager_notifications_suppressed_total", "reason", "silence", (double)
                        now.suppressedNotifications());
        out.family("alertmanager_silences", MetricType.GAUGE, "How many silences by state.");
        now.silences()
                .forEach((state, count) -> out.sample("alertmanager_silences", "state", state.text(), (double) count));
        new Families(out)
                .counter(
                        "alertmanager_alerts_invalid_total",
                        "The total number of received alerts that were invalid.",
                        (double) now.invalid())
                .gauge(
                        "alertmanager_dispatcher_aggregation_groups",
                        "Number of active aggregation groups.",
                        now.aggregationGroups())
                .gauge("alertmanager_receivers", "Number of configured receivers.", now.receivers())
                .gauge("alertmanager_integrations", "Number of configured integrations.", now.integrations());
        List<IntegrationView> views = integrations.get();
        write(out, views, "notifications_total", "The total number of attempted notifications.", view ->
                (double) view.notifications());
        write(out, views, "notification_requests_total", "The total number of attempted notification requests.", view ->
                (double) view.requests());
        write(
                out,
                views,
                "notification_requests_failed_total",
                "The total number of failed notification requests.",
                view -> (double) view.failedRequests());
        failures(out, views);
    }

    private static Labels labels(IntegrationView view) {
        return Labels.of(
                "integration", view.type(), "receiver_name", view.receiver(), "index", Integer.toString(view.index()));
    }

    private static void write(
            ExpositionWriter out,
            List<IntegrationView> views,
            String name,
            String help,
            ToDoubleFunction<IntegrationView> value) {
        String full = "alertmanager_" + name;
        out.family(full, MetricType.COUNTER, help);
        views.forEach(view -> out.sample(full, labels(view), value.applyAsDouble(view)));
    }

    private static void failures(ExpositionWriter out, List<IntegrationView> views) {
        String name = "alertmanager_notifications_failed_total";
        out.family(name, MetricType.COUNTER, "The total number of failed notifications.");
        for (IntegrationView view : views) {
            for (Map.Entry<FailureReason, Long> failure : view.failed().entrySet()) {
                Labels labels = labels(view).toBuilder()
                        .set("reason", failure.getKey().text())
                        .build();
                out.sample(name, labels, (double) failure.getValue());
            }
        }
    }
}
