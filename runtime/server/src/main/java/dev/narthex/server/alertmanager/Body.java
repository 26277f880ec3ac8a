// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.alertmanager;

import dev.narthex.model.QuotedString;
import dev.narthex.server.http.Request;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads values out of the JSON body of a request, with Alertmanager's words where they do not come from Go's decoder.
 *
 * @param name what the API's definition calls the body
 * @param root the decoded body; null where it says null
 */
record Body(String name, @Nullable Object root) {
    private static final String JSON = "application/json";

    /** The date-times that Alertmanager takes: RFC 3339, the zone or the time of day may be missing. */
    private static final Pattern TIME = Pattern.compile(
            "(\\d{4}-\\d\\d-\\d\\d)(?:[T ](\\d\\d:\\d\\d(?::\\d\\d(?:\\.\\d{1,9})?)?))?(Z|[+-]\\d\\d:\\d\\d)?");

    /**
     * Decodes the body of a request.
     *
     * @throws Refusal when there is none, or it is no JSON
     */
    static Body of(Request request, String name) {
        if (request.body().bytes().length == 0) {
            throw Refusal.required(name);
        }
        String type = request.headers().getOrDefault("content-type", "application/octet-stream");
        int end = type.indexOf(';');
        String media = (end < 0 ? type : type.substring(0, end)).strip().toLowerCase(Locale.ROOT);
        if (!media.equals(JSON)) {
            throw Refusal.ofHttp(
                    415, "unsupported media type " + QuotedString.of(type) + ", only [" + JSON + "] are allowed");
        }
        try {
            return new Body(name, Json.decodeValue(request.body().text()));
        } catch (DecodeException e) {
            throw notParsed(name, String.valueOf(e.getMessage()));
        }
    }

    /** A body that is not of the form that it is to have. */
    Refusal malformed(String place, String expected) {
        return notParsed(name, place + " is to be " + expected);
    }

    private static Refusal notParsed(String name, String problem) {
        return Refusal.ofHttp(400, "parsing " + name + " body from \"\" failed, because " + problem);
    }

    /** The body as a list, an empty one where it says null. */
    JsonArray array() {
        return switch (root) {
            case null -> new JsonArray();
            case JsonArray array -> array;
            default -> throw malformed(name, "a list");
        };
    }

    /** The body as an object, an empty one where it says null. */
    JsonObject object() {
        return root == null ? new JsonObject() : object(root, name);
    }

    JsonObject object(@Nullable Object value, String place) {
        if (value instanceof JsonObject object) {
            return object;
        }
        throw malformed(place, "an object");
    }

    /** A text, empty where there is none. */
    String text(JsonObject object, String field, String place) {
        return switch (object.getValue(field)) {
            case null -> "";
            case String text -> text;
            default -> throw malformed(place + field, "a string");
        };
    }

    /** A truth value; null where there is none. */
    @Nullable
    Boolean bool(JsonObject object, String field, String place) {
        return switch (object.getValue(field)) {
            case null -> null;
            case Boolean value -> value;
            default -> throw malformed(place + field, "true or false");
        };
    }

    /** An object of strings; null where there is none. */
    @Nullable
    Map<String, String> texts(JsonObject object, String field, String place) {
        Object value = object.getValue(field);
        if (value == null) {
            return null;
        }
        Map<String, String> texts = new TreeMap<>();
        JsonObject members = object(value, place + field);
        for (String name : members.fieldNames()) {
            texts.put(name, text(members, name, place + field + "."));
        }
        return texts;
    }

    /** A moment; null where there is none. The empty text is the beginning of 1970. */
    @Nullable
    Instant time(JsonObject object, String field, String place) {
        Object value = object.getValue(field);
        if (value == null) {
            return null;
        }
        String text = text(object, field, place);
        if (text.isEmpty()) {
            return Instant.EPOCH;
        }
        Matcher parts = TIME.matcher(text);
        try {
            if (parts.matches()) {
                String clock = parts.group(2);
                LocalDateTime local = LocalDateTime.parse(parts.group(1) + "T" + (clock == null ? "00:00" : clock));
                String zone = parts.group(3);
                return local.toInstant(zone == null ? ZoneOffset.UTC : ZoneOffset.of(zone));
            }
        } catch (DateTimeException _) {
            // Told below, with all that is no time.
        }
        throw malformed(place + field, "a time as in RFC 3339, found " + QuotedString.of(text));
    }
}
