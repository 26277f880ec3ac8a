// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.openapi;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How an operation answers.
 *
 * @param status where all is well
 * @param type the media type, empty for no body
 * @param data the schema of the member {@code data} of JSON, or of the whole of another type
 * @param request the media type that the body of the request must have; null where none is taken
 */
record Answer(
        int status,
        String type,
        Map<String, Object> data,
        @Nullable String request) {
    private static final String JSON = "application/json";
    private static final String ERROR = "#/components/schemas/Error";

    static Answer json(Map<String, Object> data) {
        return new Answer(200, JSON, data, null);
    }

    static Answer lines() {
        return new Answer(200, "application/x-ndjson", Map.of("type", "string"), null);
    }

    static Answer events() {
        return new Answer(200, "text/event-stream", Map.of("type", "string"), null);
    }

    static Answer nothing() {
        return new Answer(204, "", Map.of(), null);
    }

    /** Takes a message and answers with nothing, or with a message. */
    static Answer ofMessage(String request) {
        return new Answer(204, "", Map.of(), request);
    }

    Map<String, Object> responses() {
        Map<String, Object> good = new LinkedHashMap<>();
        good.put("description", type.isEmpty() ? "Done." : "The answer.");
        if (!type.isEmpty()) {
            good.put("content", Map.of(type, Map.of("schema", schema())));
        }
        Map<String, Object> bad = new LinkedHashMap<>();
        bad.put("description", "What is wrong.");
        bad.put("content", Map.of(JSON, Map.of("schema", Map.of("$ref", ERROR))));
        Map<String, Object> all = new LinkedHashMap<>();
        all.put(Integer.toString(status), good);
        all.put("default", bad);
        return all;
    }

    private Map<String, Object> schema() {
        if (!type.equals(JSON)) {
            return data;
        }
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("status", Map.of("type", "string", "enum", List.of("success")));
        members.put("data", data);
        members.put("warnings", Schemas.TEXTS);
        members.put("infos", Schemas.TEXTS);
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "object");
        schema.put("required", List.of("status", "data"));
        schema.put("properties", members);
        return schema;
    }
}
