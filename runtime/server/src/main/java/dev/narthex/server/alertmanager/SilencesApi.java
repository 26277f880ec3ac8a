// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.alertmanager;

import dev.narthex.alerting.Alerting;
import dev.narthex.alerting.Silence;
import dev.narthex.alerting.SilenceException;
import dev.narthex.alerting.Silences;
import dev.narthex.model.LabelMatcher;
import dev.narthex.server.http.JsonWriter;
import dev.narthex.server.http.Request;
import dev.narthex.server.http.Response;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** {@code /api/v2/silences} and {@code /api/v2/silence/:silenceID}. */
final class SilencesApi {
    private static final Pattern UUID =
            Pattern.compile("(?i)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
    private static final String CREATE = "Failed to create silence: ";

    private final Supplier<Alerting> alerting;
    private final InstantSource clock;

    SilencesApi(Supplier<Alerting> alerting, InstantSource clock) {
        this.alerting = alerting;
        this.clock = clock;
    }

    private Silences silences() {
        return alerting.get().silences();
    }

    /** All silences that have each matcher of {@code filter}. Their states choose none, whatever is asked, as in Alertmanager. */
    Response list(Request request) {
        List<LabelMatcher> filter = Filters.filter(request);
        Instant now = clock.instant();
        List<Silence> chosen = silences().all().stream()
                .filter(silence -> new HashSet<>(silence.matchers()).containsAll(filter))
                .toList();
        return AlertmanagerJson.response(json -> {
            json.beginArray();
            for (Silence silence : chosen) {
                write(json, silence, now);
            }
            json.endArray();
        });
    }

    Response get(Request request) {
        Optional<Silence> known = silences().get(id(request));
        if (known.isEmpty()) {
            return Response.empty(404);
        }
        Instant now = clock.instant();
        return AlertmanagerJson.response(json -> write(json, known.get(), now));
    }

    Response delete(Request request) {
        try {
            silences().expire(id(request));
            return Response.empty(200);
        } catch (SilenceException e) {
            if (e.reason() == SilenceException.Reason.NOT_FOUND) {
                return Response.empty(404);
            }
            throw Refusal.of(500, e.text());
        }
    }

    private static String id(Request request) {
        String id = request.pathParameter("silenceID");
        if (!UUID.matcher(id).matches()) {
            throw Refusal.wrongType("silenceID in path", "uuid", id);
        }
        return id;
    }

    /** Makes or changes a silence. */
    Response post(Request request) {
        Silence given = read(Body.of(request, "silence"), clock.instant());
        try {
            String id = silences().set(given);
            return AlertmanagerJson.response(
                    json -> json.beginObject().member("silenceID", id).endObject());
        } catch (SilenceException e) {
            throw Refusal.of(
                    switch (e.reason()) {
                        case INVALID -> 400;
                        case NOT_FOUND -> 404;
                        case NOT_STORED -> 500;
                    },
                    e.text());
        }
    }

    /** Reads a silence: first all that is of a wrong type is refused, then what is missing, by name, and last what is wrong. */
    private static Silence read(Body body, Instant now) {
        JsonObject given = body.object();
        Instant startsAt = body.time(given, "startsAt", "");
        Instant endsAt = body.time(given, "endsAt", "");
        Map<String, String> annotations = body.texts(given, "annotations", "");
        String comment = body.text(given, "comment", "");
        String createdBy = body.text(given, "createdBy", "");
        String id = body.text(given, "id", "");
        List<MatcherGiven> matchers = matchersGiven(body, given);
        require(given, "comment");
        require(given, "createdBy");
        if (endsAt == null) {
            throw Refusal.required("endsAt");
        }
        require(given, "matchers");
        if (matchers.isEmpty()) {
            throw Refusal.tooFew("matchers");
        }
        matchers.forEach(MatcherGiven::checkComplete);
        if (startsAt == null) {
            throw Refusal.required("startsAt");
        }
        if (!startsAt.isBefore(endsAt)) {
            throw Refusal.badRequest(CREATE + "start time must be before end time");
        }
        if (endsAt.isBefore(now)) {
            throw Refusal.badRequest(CREATE + "end time can't be in the past");
        }
        return new Silence(
                id,
                matchers.stream().map(MatcherGiven::matcher).toList(),
                startsAt,
                endsAt,
                startsAt,
                createdBy,
                comment,
                annotations == null ? Map.of() : annotations);
    }

    private static List<MatcherGiven> matchersGiven(Body body, JsonObject given) {
        return switch (Body.member(given, "matchers")) {
            case null -> List.of();
            case JsonArray array -> {
                List<MatcherGiven> matchers = new ArrayList<>();
                for (int i = 0; i < array.size(); i++) {
                    JsonObject matcher = body.object(array.getValue(i), "matchers." + i);
                    matchers.add(MatcherGiven.read(body, matcher, i));
                }
                yield matchers;
            }
            default -> throw body.malformed("matchers", "a list");
        };
    }

    private static void require(JsonObject object, String field) {
        if (Body.member(object, field) == null) {
            throw Refusal.required(field);
        }
    }

    private static void write(JsonWriter json, Silence silence, Instant now) throws IOException {
        json.beginObject()
                .member("id", silence.id())
                .name("status")
                .beginObject()
                .member("state", silence.state(now).text())
                .endObject()
                .member("updatedAt", AlertmanagerJson.time(silence.updatedAt()));
        if (!silence.annotations().isEmpty()) {
            json.name("annotations");
            AlertmanagerJson.texts(json, silence.annotations());
        }
        json.member("comment", silence.comment())
                .member("createdBy", silence.createdBy())
                .member("endsAt", AlertmanagerJson.time(silence.endsAt()))
                .name("matchers")
                .beginArray();
        for (LabelMatcher matcher : silence.matchers()) {
            json.beginObject()
                    .member("isEqual", !matcher.op().isNegative())
                    .member("isRegex", matcher.op().isRegex())
                    .member("name", matcher.name())
                    .member("value", matcher.value())
                    .endObject();
        }
        json.endArray()
                .member("startsAt", AlertmanagerJson.time(silence.startsAt()))
                .endObject();
    }
}
