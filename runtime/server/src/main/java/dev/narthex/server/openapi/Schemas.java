// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.openapi;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The forms of what is answered. */
final class Schemas {
    static final Map<String, Object> TEXT = Map.of("type", "string");
    static final Map<String, Object> WHOLE = ordered("type", "integer", "format", "int64");
    static final Map<String, Object> NUMBER = Map.of("type", "number");
    static final Map<String, Object> FLAG = Map.of("type", "boolean");
    static final Map<String, Object> TEXTS = list(TEXT);
    /** An object whose members are not told one by one. */
    static final Map<String, Object> OBJECT = Map.of("type", "object");

    static final Map<String, Object> LABELS = ref("Labels");

    private Schemas() {}

    static Map<String, Object> ref(String name) {
        return Map.of("$ref", "#/components/schemas/" + name);
    }

    static Map<String, Object> list(Map<String, Object> items) {
        return ordered("type", "array", "items", items);
    }

    static Map<String, Object> byName(Map<String, Object> values) {
        return ordered("type", "object", "additionalProperties", values);
    }

    /** @param members name and schema in turn */
    static Map<String, Object> object(Object... members) {
        return ordered("type", "object", "properties", ordered(members));
    }

    static Map<String, Object> ordered(Object... pairs) {
        Map<String, Object> tree = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            tree.put((String) pairs[i], pairs[i + 1]);
        }
        return tree;
    }

    /** Those with a name. */
    static Map<String, Object> named() {
        return ordered(
                "Error",
                ordered(
                        "type",
                        "object",
                        "required",
                        List.of("status", "errorType", "error"),
                        "properties",
                        ordered(
                                "status",
                                Map.of("type", "string", "enum", List.of("error")),
                                "errorType",
                                TEXT,
                                "error",
                                TEXT)),
                "Labels",
                byName(TEXT),
                "Point",
                ordered(
                        "description",
                        "Unix seconds, and a value as text or a native histogram.",
                        "type",
                        "array",
                        "items",
                        Map.of()),
                "Series",
                object(
                        "metric",
                        LABELS,
                        "value",
                        ref("Point"),
                        "histogram",
                        ref("Point"),
                        "values",
                        list(ref("Point")),
                        "histograms",
                        list(ref("Point"))),
                "QueryData",
                object(
                        "resultType",
                        Map.of("type", "string", "enum", List.of("matrix", "vector", "scalar", "string")),
                        "result",
                        ordered(
                                "description",
                                "Series of a matrix or vector, one point otherwise.",
                                "type",
                                "array",
                                "items",
                                Map.of()),
                        "stats",
                        OBJECT),
                "Metadata",
                object("type", TEXT, "help", TEXT, "unit", TEXT),
                "Target",
                object(
                        "discoveredLabels",
                        LABELS,
                        "labels",
                        LABELS,
                        "scrapePool",
                        TEXT,
                        "scrapeUrl",
                        TEXT,
                        "globalUrl",
                        TEXT,
                        "lastError",
                        TEXT,
                        "lastScrape",
                        TEXT,
                        "lastScrapeDuration",
                        NUMBER,
                        "health",
                        Map.of("type", "string", "enum", List.of("up", "down", "unknown")),
                        "scrapeInterval",
                        TEXT,
                        "scrapeTimeout",
                        TEXT),
                "Alert",
                object(
                        "labels",
                        LABELS,
                        "annotations",
                        LABELS,
                        "state",
                        Map.of("type", "string", "enum", List.of("pending", "firing")),
                        "activeAt",
                        TEXT,
                        "keepFiringSince",
                        TEXT,
                        "value",
                        TEXT),
                "RuleGroup",
                object(
                        "name",
                        TEXT,
                        "file",
                        TEXT,
                        "rules",
                        list(OBJECT),
                        "interval",
                        NUMBER,
                        "limit",
                        WHOLE,
                        "evaluationTime",
                        NUMBER,
                        "lastEvaluation",
                        TEXT),
                "Count",
                object("name", TEXT, "value", WHOLE));
    }
}
