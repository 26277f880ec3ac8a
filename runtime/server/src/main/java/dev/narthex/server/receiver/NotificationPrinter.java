// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.receiver;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Turns notifications in Alertmanager's webhook form into lines for people. Immutable. */
final class NotificationPrinter {
    private static final String INDENT = "            ";

    private NotificationPrinter() {}

    /**
     * The lines of one notification.
     *
     * @param body the JSON of Alertmanager's webhook integration, version 4
     * @throws IllegalArgumentException when it is none
     */
    static List<String> lines(String body) {
        try {
            JsonObject notification = new JsonObject(body);
            JsonArray alerts = notification.getJsonArray("alerts");
            if (alerts == null) {
                throw new IllegalArgumentException("notification: no alerts, found " + shortened(body)
                        + "; send the form of Alertmanager's webhook");
            }
            List<String> lines = new ArrayList<>();
            lines.add("Notification for " + notification.getString("receiver", "") + ": "
                    + notification.getString("status", "").toUpperCase(Locale.ROOT) + ", " + alerts.size()
                    + (alerts.size() == 1 ? " alert" : " alerts"));
            for (int i = 0; i < alerts.size(); i++) {
                addAlert(lines, alerts.getJsonObject(i));
            }
            return lines;
        } catch (DecodeException | ClassCastException e) {
            throw new IllegalArgumentException(
                    "notification: not the form of Alertmanager's webhook, found " + shortened(body), e);
        }
    }

    private static void addAlert(List<String> lines, JsonObject alert) {
        Map<String, String> labels = texts(alert.getJsonObject("labels"));
        String name = labels.getOrDefault("alertname", "");
        labels.remove("alertname");
        String status = alert.getString("status", "");
        StringBuilder first = new StringBuilder("  ")
                .append(String.format(Locale.ROOT, "%-10s", status.toUpperCase(Locale.ROOT)))
                .append(name);
        labels.forEach(
                (label, value) -> first.append("  ").append(label).append('=').append(value));
        lines.add(first.toString());
        texts(alert.getJsonObject("annotations")).forEach((label, text) -> lines.add(INDENT + label + ": " + text));
        String since = alert.getString("startsAt", "");
        lines.add(INDENT + (status.equals("resolved") ? "ended " + alert.getString("endsAt", "") : "since " + since));
    }

    private static Map<String, String> texts(@org.jspecify.annotations.Nullable JsonObject object) {
        Map<String, String> texts = new TreeMap<>();
        if (object != null) {
            object.forEach(entry -> texts.put(entry.getKey(), String.valueOf(entry.getValue())));
        }
        return texts;
    }

    private static String shortened(String body) {
        return body.length() <= 200 ? body : body.substring(0, 200) + "…";
    }
}
