// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.openapi;

import java.util.LinkedHashMap;
import java.util.Map;

/** A parameter of the API: it means the same wherever it stands. */
enum Parameter {
    QUERY("query", Kind.TEXT, "A PromQL expression."),
    TIME("time", Kind.TIME, "When to evaluate, RFC 3339 or Unix seconds; now where it is missing."),
    START("start", Kind.TIME, "Where the time range begins, RFC 3339 or Unix seconds."),
    END("end", Kind.TIME, "Where the time range ends, RFC 3339 or Unix seconds."),
    STEP("step", Kind.DURATION, "The distance of two points, as a duration or in seconds."),
    TIMEOUT("timeout", Kind.DURATION, "How long the evaluation may take; no longer than --query.timeout."),
    LOOKBACK("lookback_delta", Kind.DURATION, "How old a sample may be, in place of --query.lookback-delta."),
    STATS("stats", Kind.TEXT, "With true or all, the answer says what the query took."),
    LIMIT("limit", Kind.COUNT, "The most results that are given; 0 for all, where that is possible."),
    MATCH("match[]", Kind.TEXTS, "Selectors of series; what meets one of them is taken."),
    NAME("name", Kind.TEXT, "A label name; with characters beyond [a-zA-Z0-9_] escaped as U__..."),
    LABEL("label", Kind.TEXT, "A label name."),
    SEARCH("search[]", Kind.TEXTS, "What is searched for, up to 32 terms; what meets one of them is found."),
    FUZZ_THRESHOLD("fuzz_threshold", Kind.COUNT, "The least score of a result in percent, 0 to 100."),
    FUZZ_ALG("fuzz_alg", Kind.TEXT, "How scores are made: subsequence (the default) or jarowinkler."),
    CASE_SENSITIVE("case_sensitive", Kind.FLAG, "Whether capital letters differ from small ones; they do by default."),
    SORT_BY("sort_by", Kind.TEXT, "alpha or score."),
    SORT_DIR("sort_dir", Kind.TEXT, "asc or dsc, with sort_by=alpha."),
    INCLUDE_SCORE("include_score", Kind.FLAG, "Whether results tell their score."),
    INCLUDE_METADATA("include_metadata", Kind.FLAG, "Whether results tell type, help and unit of the metric."),
    BATCH_SIZE("batch_size", Kind.COUNT, "The most results in one line of the answer."),
    METRIC("metric", Kind.TEXT, "The name of one metric."),
    LIMIT_PER_METRIC("limit_per_metric", Kind.COUNT, "The most entries for one metric."),
    SCRAPE_POOL("scrapePool", Kind.TEXT, "The name of a scrape pool."),
    STATE("state", Kind.TEXT, "active, dropped or any."),
    MATCH_TARGET("match_target", Kind.TEXT, "A selector of targets by their labels."),
    LABELS("labels", Kind.TEXT, "Discovered labels of a target, a JSON object of strings."),
    TYPE("type", Kind.TEXT, "alert or record."),
    RULE_NAME("rule_name[]", Kind.TEXTS, "Names of rules."),
    RULE_GROUP("rule_group[]", Kind.TEXTS, "Names of rule groups."),
    FILE("file[]", Kind.TEXTS, "Paths of rule files."),
    EXCLUDE_ALERTS("exclude_alerts", Kind.FLAG, "Whether rules are told without their alerts."),
    GROUP_LIMIT("group_limit", Kind.COUNT, "The most groups in one answer."),
    GROUP_NEXT_TOKEN("group_next_token", Kind.TEXT, "The groupNextToken of the answer before."),
    METRIC_NAME_PATTERN("metric_name_pattern", Kind.TEXT, "A regular expression for whole names."),
    SKIP_HEAD("skip_head", Kind.FLAG, "Whether samples that are in memory only are left out.");

    private enum Kind {
        TEXT("string", ""),
        TIME("string", "date-time-or-seconds"),
        DURATION("string", "duration-or-seconds"),
        COUNT("integer", "int64"),
        FLAG("boolean", ""),
        TEXTS("array", "");

        private final String type;
        private final String format;

        Kind(String type, String format) {
            this.type = type;
            this.format = format;
        }

        Map<String, Object> schema() {
            Map<String, Object> schema = new LinkedHashMap<>();
            schema.put("type", type);
            if (!format.isEmpty()) {
                schema.put("format", format);
            }
            if (this == TEXTS) {
                schema.put("items", Map.of("type", "string"));
            }
            return schema;
        }
    }

    private final String text;
    private final Kind kind;
    private final String description;

    Parameter(String text, Kind kind, String description) {
        this.text = text;
        this.kind = kind;
        this.description = description;
    }

    String text() {
        return text;
    }

    /** As a parameter of the URL. */
    Map<String, Object> inUrl(boolean required, boolean inPath) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("name", text);
        tree.put("in", inPath ? "path" : "query");
        tree.put("description", description);
        tree.put("required", required);
        if (kind == Kind.TEXTS) {
            tree.put("explode", true);
        }
        tree.put("schema", kind.schema());
        return tree;
    }

    /** As a member of a form. */
    Map<String, Object> inForm() {
        Map<String, Object> tree = kind.schema();
        tree.put("description", description);
        return tree;
    }
}
