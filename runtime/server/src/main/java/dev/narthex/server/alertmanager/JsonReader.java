// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.alertmanager;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON (RFC 8259) as Alertmanager's decoder does: to the end of the first value, whatever stands behind it. Of a
 * member that is given twice the last counts, objects that are given twice are one.
 */
final class JsonReader {
    private static final int MAX_DEPTH = 500;
    private static final JsonFactory PARSERS = JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
            .build();
    /** Half of a pair without the other half. */
    private static final Pattern LONE_SURROGATE = Pattern.compile("\\p{Cs}");

    private JsonReader() {}

    /**
     * The first value of a text; numbers are {@link java.math.BigDecimal}.
     *
     * @throws DecodeException when there is none, with the offset of the fault in characters where it has one
     */
    static @Nullable Object first(String text) {
        try (JsonParser parser = PARSERS.createParser(text)) {
            JsonToken token = parser.nextToken();
            if (token == null) {
                throw new DecodeException("at offset " + text.length() + ": expected a value, found the end");
            }
            return value(parser, token);
        } catch (JsonProcessingException e) {
            JsonLocation place = e.getLocation();
            throw new DecodeException(
                    (place == null ? "" : "at offset " + place.getCharOffset() + ": ") + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new DecodeException(e.getMessage(), e);
        }
    }

    private static @Nullable Object value(JsonParser parser, JsonToken token) throws IOException {
        return switch (token) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_STRING -> whole(parser.getText());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getDecimalValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> null;
        };
    }

    private static JsonObject object(JsonParser parser) throws IOException {
        JsonObject object = new JsonObject();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = whole(parser.currentName());
            Object value = value(parser, parser.nextToken());
            if (value instanceof JsonObject more && object.getValue(name) instanceof JsonObject before) {
                before.mergeIn(more);
            } else {
                object.put(name, value);
            }
        }
        return object;
    }

    private static JsonArray array(JsonParser parser) throws IOException {
        JsonArray array = new JsonArray();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            array.add(value(parser, token));
        }
        return array;
    }

    private static String whole(String text) {
        return LONE_SURROGATE.matcher(text).replaceAll("\ufffd");
    }
}
