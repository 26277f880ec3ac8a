// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.alertmanager;

import dev.narthex.model.QuotedString;
import dev.narthex.server.http.Request;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Duration;
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
    private static final int MOST_HOURS = 24;
    private static final int MOST_MINUTES = 60;

    /** What may stand behind a media type. */
    private static final Pattern PARAMETERS =
            Pattern.compile("(?:;\\s*[^\\s;=]+=(?:\"[^\"]*\"|[^\\s;\"]+)\\s*)*;?\\s*");

    /** The date-times that Alertmanager takes: RFC 3339, the zone or the time of day may be missing. */
    private static final Pattern TIME = Pattern.compile(
            "(\\d{4}-\\d\\d-\\d\\d)(?:[T ](\\d{1,2})(:\\d\\d(?::\\d\\d)?)(?:[.,](\\d{1,9})\\d*)?)?(Z|[+-]\\d\\d:\\d\\d)?");

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
        if (media.indexOf('/') < 0) {
            throw Refusal.ofHttp(
                    400,
                    "parsing Content-Type header from " + QuotedString.of(type)
                            + " failed, because mediatype: malformed: " + QuotedString.of(type) + " has no subtype");
        }
        if (end >= 0 && !PARAMETERS.matcher(type.substring(end)).matches()) {
            throw Refusal.ofHttp(
                    400,
                    "parsing Content-Type header from " + QuotedString.of(type)
                            + " failed, because mime: invalid media parameter");
        }
        if (!media.equals(JSON)) {
            throw Refusal.ofHttp(
                    415, "unsupported media type " + QuotedString.of(type) + ", only [" + JSON + "] are allowed");
        }
        try {
            return new Body(name, JsonReader.first(request.body().text()));
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

    /** A member by its name in small or capital letters, of several the last; null where there is none. */
    static @Nullable Object member(JsonObject object, String field) {
        Object found = null;
        for (Map.Entry<String, Object> member : object) {
            if (member.getKey().equalsIgnoreCase(field)) {
                found = member.getValue();
            }
        }
        return found;
    }

    /** A text, empty where there is none. */
    String text(JsonObject object, String field, String place) {
        return text(member(object, field), place + field);
    }

    private String text(@Nullable Object value, String place) {
        return switch (value) {
            case null -> "";
            case String text -> text;
            default -> throw malformed(place, "a string");
        };
    }

    /** A truth value; null where there is none. */
    @Nullable
    Boolean bool(JsonObject object, String field, String place) {
        return switch (member(object, field)) {
            case null -> null;
            case Boolean value -> value;
            default -> throw malformed(place + field, "true or false");
        };
    }

    /** An object of strings; null where there is none. */
    @Nullable
    Map<String, String> texts(JsonObject object, String field, String place) {
        Object value = member(object, field);
        if (value == null) {
            return null;
        }
        Map<String, String> texts = new TreeMap<>();
        JsonObject members = object(value, place + field);
        for (String name : members.fieldNames()) {
            texts.put(name, text(members.getValue(name), place + field + "." + name));
        }
        return texts;
    }

    /** A moment; null where there is none. The empty text is the beginning of 1970. */
    @Nullable
    Instant time(JsonObject object, String field, String place) {
        Object value = member(object, field);
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
                String hour = parts.group(2);
                String clock = hour == null ? "00:00" : "0".repeat(2 - hour.length()) + hour + parts.group(3);
                String fraction = parts.group(4) == null ? "" : "." + parts.group(4);
                return LocalDateTime.parse(parts.group(1) + "T" + clock + fraction)
                        .toInstant(ZoneOffset.UTC)
                        .minus(offset(parts.group(5)));
            }
        } catch (DateTimeException _) {
            // Told below, with all that is no time.
        }
        throw malformed(place + field, "a time as in RFC 3339, found " + QuotedString.of(text));
    }

    /** A time zone; up to a day, of which Java takes only a part. */
    private static Duration offset(@Nullable String zone) {
        if (zone == null || zone.equals("Z")) {
            return Duration.ZERO;
        }
        int hours = Integer.parseInt(zone.substring(1, 3));
        int minutes = Integer.parseInt(zone.substring(4));
        if (hours > MOST_HOURS || minutes > MOST_MINUTES) {
            throw new DateTimeException("time zone out of range");
        }
        Duration offset = Duration.ofHours(hours).plusMinutes(minutes);
        return zone.startsWith("-") ? offset.negated() : offset;
    }
}
