// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.alertmanager;

import dev.narthex.alerting.AlertGroupView;
import dev.narthex.alerting.AlertView;
import dev.narthex.alerting.Alerting;
import dev.narthex.alerting.PostedAlert;
import dev.narthex.model.Alert;
import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.model.LabelsBuilder;
import dev.narthex.server.http.JsonWriter;
import dev.narthex.server.http.Request;
import dev.narthex.server.http.Response;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@code /api/v2/alerts} and {@code /api/v2/alerts/groups}. */
final class AlertsApi {
    private static final Instant NO_TIME = Instant.parse("0001-01-01T00:00:00Z");

    private final Supplier<Alerting> alerting;

    AlertsApi(Supplier<Alerting> alerting) {
        this.alerting = alerting;
    }

    /** The alerts that have not ended, by the order of their fingerprints. */
    Response list(Request request) {
        Predicate<AlertView> chosen = chosen(request);
        Predicate<String> receivers = Filters.receivers(request);
        List<AlertView> alerts = alerting.get().alerts().stream()
                .filter(chosen)
                .filter(alert -> alert.receivers().stream().anyMatch(receivers))
                .toList();
        return AlertmanagerJson.response(json -> write(json, alerts));
    }

    /** The groups that alerts are notified in, with those of their alerts that are asked for. */
    Response groups(Request request) {
        Predicate<AlertView> chosen = chosen(request);
        Predicate<String> receivers = Filters.receivers(request);
        List<AlertGroupView> groups = alerting.get().groups().stream()
                .filter(group -> receivers.test(group.receiver()))
                .map(group -> new AlertGroupView(
                        group.receiver(),
                        group.key(),
                        group.labels(),
                        group.alerts().stream().filter(chosen).toList()))
                .filter(group -> !group.alerts().isEmpty())
                .toList();
        Map<Labels, List<String>> receiversOf = new HashMap<>();
        for (AlertGroupView group : groups) {
            for (AlertView alert : group.alerts()) {
                receiversOf
                        .computeIfAbsent(alert.alert().labels(), _ -> new ArrayList<>())
                        .add(group.receiver());
            }
        }
        receiversOf.values().forEach(names -> names.sort(null));
        return AlertmanagerJson.response(json -> {
            json.beginArray();
            for (AlertGroupView group : groups) {
                json.beginObject().name("alerts");
                write(
                        json,
                        group.alerts().stream()
                                .map(alert -> alert.withReceivers(
                                        receiversOf.getOrDefault(alert.alert().labels(), List.of())))
                                .toList());
                json.name("labels");
                AlertmanagerJson.labels(json, group.labels());
                json.name("receiver")
                        .beginObject()
                        .member("name", group.receiver())
                        .endObject()
                        .endObject();
            }
            json.endArray();
        });
    }

    /**
     * Which alerts the parameters ask for. Nothing is ever inhibited, muted or unprocessed here, so that these parameters
     * choose nothing.
     */
    private static Predicate<AlertView> chosen(Request request) {
        List<LabelMatcher> matchers = Filters.filter(request);
        boolean active = Filters.flag(request, "active");
        boolean silenced = Filters.flag(request, "silenced");
        return alert -> LabelMatcher.allMatch(matchers, alert.alert().labels())
                && (alert.silencedBy().isEmpty() ? active : silenced);
    }

    private static void write(JsonWriter json, List<AlertView> alerts) throws IOException {
        json.beginArray();
        for (AlertView view : alerts) {
            Alert alert = view.alert();
            json.beginObject().name("annotations");
            AlertmanagerJson.labels(json, alert.annotations());
            json.member("endsAt", AlertmanagerJson.time(alert.endsAt()))
                    .member("fingerprint", view.fingerprint())
                    .name("receivers")
                    .beginArray();
            for (String receiver : view.receivers()) {
                json.beginObject().member("name", receiver).endObject();
            }
            json.endArray()
                    .member("startsAt", AlertmanagerJson.time(alert.startsAt()))
                    .name("status")
                    .beginObject()
                    .name("inhibitedBy")
                    .strings(List.of())
                    .name("mutedBy")
                    .strings(List.of())
                    .name("silencedBy")
                    .strings(view.silencedBy())
                    .member("state", view.silencedBy().isEmpty() ? "active" : "suppressed")
                    .endObject()
                    .member("updatedAt", AlertmanagerJson.time(view.updatedAt()));
            if (!alert.generatorUrl().isEmpty()) {
                json.member("generatorURL", alert.generatorUrl());
            }
            json.name("labels");
            AlertmanagerJson.labels(json, alert.labels());
            json.endObject();
        }
        json.endArray();
    }

    /** Takes alerts; those that are none are told, the others taken all the same. */
    Response post(Request request) {
        Body body = Body.of(request, "alerts");
        JsonArray given = body.array();
        List<PostedAlert> posted = new ArrayList<>(given.size());
        for (int i = 0; i < given.size(); i++) {
            posted.add(alert(body, body.object(given.getValue(i), Integer.toString(i)), i + "."));
        }
        for (int i = 0; i < posted.size(); i++) {
            check(given.getJsonObject(i), posted.get(i), i + ".");
        }
        List<String> problems = alerting.get().post(posted);
        if (!problems.isEmpty()) {
            throw Refusal.badRequest(String.join("\n", problems));
        }
        return Response.empty(200);
    }

    private static void check(JsonObject given, PostedAlert alert, String place) {
        if (!alert.generatorUrl().isEmpty() && !RequestUri.isValid(alert.generatorUrl())) {
            throw Refusal.wrongType(place + "generatorURL in body", "uri", alert.generatorUrl());
        }
        if (Body.member(given, "labels") == null) {
            throw Refusal.required(place + "labels");
        }
    }

    private static PostedAlert alert(Body body, JsonObject given, String place) {
        Map<String, String> labels = body.texts(given, "labels", place);
        Map<String, String> annotations = body.texts(given, "annotations", place);
        return new PostedAlert(
                labels(labels),
                labels(annotations),
                given(body.time(given, "startsAt", place)),
                given(body.time(given, "endsAt", place)),
                body.text(given, "generatorURL", place),
                isNameless(labels)
                        ? "invalid label set: invalid name \"\""
                        : isNameless(annotations) ? "invalid annotations: invalid name \"\"" : "");
    }

    /** Go programs write its moment that stands for none, in year 1, where they have none. */
    private static @Nullable Instant given(@Nullable Instant time) {
        return NO_TIME.equals(time) ? null : time;
    }

    /** Whether there is a value under the empty name, which no label set can have. */
    private static boolean isNameless(@Nullable Map<String, String> texts) {
        return texts != null && !texts.getOrDefault("", "").isEmpty();
    }

    private static Labels labels(@Nullable Map<String, String> texts) {
        LabelsBuilder labels = Labels.builder();
        if (texts != null) {
            texts.forEach((name, value) -> {
                if (!name.isEmpty()) {
                    labels.set(name, value);
                }
            });
        }
        return labels.build();
    }
}
