// SPDX-License-Identifier: Apache-2.0
package dev.narthex.alerting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.config.RouteConfig;
import dev.narthex.model.Alert;
import dev.narthex.model.Labels;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Expectations were sent by an Alertmanager 0.33.1. */
class WebhookPayloadTest {
    private static final Instant START = Instant.parse("2026-11-23T09:19:31.86313024Z");

    @Test
    void isThatOfAlertmanager() {
        Labels labels = Labels.of("alertname", "A", "severity", "info", "team \"x\"", "ü\"q");
        Alert alert = new Alert(labels, Labels.of("summary", "hi", "other", "<b>&"), START, START.plusSeconds(60), "");
        Notification notification = new Notification(
                "hook",
                "{}:{alertname=\"A\", team \"x\"=\"ü\\\"q\"}",
                Labels.of("alertname", "A", "team \"x\"", "ü\"q"),
                List.of(alert),
                NotificationReason.FIRST,
                START.plusSeconds(1));
        assertThat(new String(WebhookPayload.json(notification, "http://vm:19394", 1), StandardCharsets.UTF_8))
                .isEqualTo("""
                        {"receiver":"hook","status":"firing","alerts":[{"status":"firing","labels":{"alertname":"A",\
                        "severity":"info","team \\"x\\"":"ü\\"q"},"annotations":{"other":"\\u003cb\\u003e\\u0026",\
                        "summary":"hi"},"startsAt":"2026-11-23T09:19:31.86313024Z","endsAt":"0001-01-01T00:00:00Z",\
                        "generatorURL":"","fingerprint":"447c158e0dd22867"}],"notification_reason":"first notification",\
                        "groupLabels":{"alertname":"A","team \\"x\\"":"ü\\"q"},"commonLabels":{"alertname":"A",\
                        "severity":"info","team \\"x\\"":"ü\\"q"},"commonAnnotations":{"other":"\\u003cb\\u003e\\u0026",\
                        "summary":"hi"},"externalURL":"http://vm:19394","version":"4",\
                        "groupKey":"{}:{alertname=\\"A\\", team \\"x\\"=\\"ü\\\\\\"q\\"}","truncatedAlerts":1}
                        """);
    }

    @Test
    void showsTheEndOfWhatHasEnded() {
        Alert ended = new Alert(Labels.of("a", "b"), Labels.EMPTY, START, START.plusSeconds(1), "");
        Notification notification = new Notification(
                "hook", "{}:{}", Labels.EMPTY, List.of(ended), NotificationReason.ALL_RESOLVED, START.plusSeconds(1));
        assertThat(new String(WebhookPayload.json(notification, "", 0), StandardCharsets.UTF_8))
                .contains("\"status\":\"resolved\",\"alerts\":[{\"status\":\"resolved\"")
                .contains("\"endsAt\":\"2026-11-23T09:19:32.86313024Z\"");
    }

    @Test
    void groupKeysAreThoseOfAlertmanager() {
        Route.Settings root = Route.tree(RouteConfig.root("hook")).settings();
        assertThat(new GroupKey(root, Labels.of("alertname", "A", "team \"x\"", "ü\"q")).text())
                .isEqualTo("{}:{alertname=\"A\", team \"x\"=\"ü\\\"q\"}");
        assertThat(new GroupKey(root, Labels.EMPTY).text()).isEqualTo("{}:{}");
    }
}
