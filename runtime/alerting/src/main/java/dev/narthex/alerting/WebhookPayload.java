// SPDX-License-Identifier: Apache-2.0
package dev.narthex.alerting;

import dev.narthex.model.Alert;
import dev.narthex.model.Labels;
import dev.narthex.model.LabelsBuilder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;

/** The body of Alertmanager's webhook, version 4 (Alertmanager documentation, "webhook_config"). */
final class WebhookPayload {
    private static final String FIRING = "firing";
    private static final String RESOLVED = "resolved";

    /** Go's zero time: the end of an alert that fires. */
    private static final String NO_TIME = "0001-01-01T00:00:00Z";

    private WebhookPayload() {}

    /**
     * The body for a notification.
     *
     * @param externalUrl the address under which people reach the server
     * @param truncated how many alerts were left out of the notification
     */
    static byte[] json(Notification notification, String externalUrl, int truncated) {
        List<Alert> alerts = notification.alerts();
        boolean anyFiring = alerts.stream().anyMatch(alert -> !alert.isResolvedAt(notification.now()));
        JsonText json = new JsonText()
                .raw("{")
                .member("receiver", notification.receiver())
                .member("status", anyFiring ? FIRING : RESOLVED)
                .name("alerts")
                .raw("[");
        for (int i = 0; i < alerts.size(); i++) {
            json.raw(i == 0 ? "{" : ",{");
            appendAlert(json, alerts.get(i), notification);
            json.raw("}");
        }
        json.raw("]")
                .member("notification_reason", notification.reason().text())
                .member("groupLabels", notification.groupLabels())
                .member("commonLabels", common(alerts, Alert::labels))
                .member("commonAnnotations", common(alerts, Alert::annotations))
                .member("externalURL", externalUrl)
                .member("version", "4")
                .member("groupKey", notification.groupKey())
                .name("truncatedAlerts")
                .raw(Integer.toString(truncated))
                .raw("}\n");
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void appendAlert(JsonText json, Alert alert, Notification notification) {
        boolean resolved = alert.isResolvedAt(notification.now());
        json.member("status", resolved ? RESOLVED : FIRING)
                .member("labels", alert.labels())
                .member("annotations", alert.annotations())
                .member("startsAt", JsonText.time(alert.startsAt()))
                .member("endsAt", resolved ? JsonText.time(alert.endsAt()) : NO_TIME)
                .member("generatorURL", alert.generatorUrl())
                .member("fingerprint", Fingerprint.hex(alert.labels()));
    }

    /** What all alerts have with the same value. */
    private static Labels common(List<Alert> alerts, Function<Alert, Labels> of) {
        if (alerts.isEmpty()) {
            return Labels.EMPTY;
        }
        Labels first = of.apply(alerts.getFirst());
        LabelsBuilder common = first.toBuilder();
        for (int i = 0; i < first.size(); i++) {
            String name = first.name(i);
            String value = first.value(i);
            if (!alerts.stream().allMatch(alert -> value.equals(of.apply(alert).get(name)))) {
                common.remove(name);
            }
        }
        return common.build();
    }
}
