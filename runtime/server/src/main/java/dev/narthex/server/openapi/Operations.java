// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.openapi;

import static dev.narthex.server.openapi.Parameter.BATCH_SIZE;
import static dev.narthex.server.openapi.Parameter.CASE_SENSITIVE;
import static dev.narthex.server.openapi.Parameter.END;
import static dev.narthex.server.openapi.Parameter.EXCLUDE_ALERTS;
import static dev.narthex.server.openapi.Parameter.FILE;
import static dev.narthex.server.openapi.Parameter.FUZZ_ALG;
import static dev.narthex.server.openapi.Parameter.FUZZ_THRESHOLD;
import static dev.narthex.server.openapi.Parameter.GROUP_LIMIT;
import static dev.narthex.server.openapi.Parameter.GROUP_NEXT_TOKEN;
import static dev.narthex.server.openapi.Parameter.INCLUDE_METADATA;
import static dev.narthex.server.openapi.Parameter.INCLUDE_SCORE;
import static dev.narthex.server.openapi.Parameter.LABEL;
import static dev.narthex.server.openapi.Parameter.LABELS;
import static dev.narthex.server.openapi.Parameter.LIMIT;
import static dev.narthex.server.openapi.Parameter.LIMIT_PER_METRIC;
import static dev.narthex.server.openapi.Parameter.LOOKBACK;
import static dev.narthex.server.openapi.Parameter.MATCH;
import static dev.narthex.server.openapi.Parameter.MATCH_TARGET;
import static dev.narthex.server.openapi.Parameter.METRIC;
import static dev.narthex.server.openapi.Parameter.METRIC_NAME_PATTERN;
import static dev.narthex.server.openapi.Parameter.NAME;
import static dev.narthex.server.openapi.Parameter.QUERY;
import static dev.narthex.server.openapi.Parameter.RULE_GROUP;
import static dev.narthex.server.openapi.Parameter.RULE_NAME;
import static dev.narthex.server.openapi.Parameter.SCRAPE_POOL;
import static dev.narthex.server.openapi.Parameter.SEARCH;
import static dev.narthex.server.openapi.Parameter.SKIP_HEAD;
import static dev.narthex.server.openapi.Parameter.SORT_BY;
import static dev.narthex.server.openapi.Parameter.SORT_DIR;
import static dev.narthex.server.openapi.Parameter.START;
import static dev.narthex.server.openapi.Parameter.STATE;
import static dev.narthex.server.openapi.Parameter.STATS;
import static dev.narthex.server.openapi.Parameter.STEP;
import static dev.narthex.server.openapi.Parameter.TIME;
import static dev.narthex.server.openapi.Parameter.TIMEOUT;
import static dev.narthex.server.openapi.Parameter.TYPE;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** All operations that are described. */
final class Operations {
    private static final List<String> GET = List.of("get");
    private static final List<String> GET_OR_POST = List.of("get", "post");
    private static final List<String> POST_OR_PUT = List.of("put", "post");
    private static final List<String> POST = List.of("post");
    private static final Set<Parameter> NONE = Set.of();

    private static final List<Parameter> SEARCHING = List.of(
            MATCH,
            SEARCH,
            FUZZ_THRESHOLD,
            FUZZ_ALG,
            CASE_SENSITIVE,
            SORT_BY,
            SORT_DIR,
            INCLUDE_SCORE,
            START,
            END,
            LIMIT,
            BATCH_SIZE);

    private Operations() {}

    private static List<Parameter> with(Parameter first) {
        List<Parameter> all = new ArrayList<>(SEARCHING);
        all.addFirst(first);
        return all;
    }

    /** @param events whether the stream of notifications is among them, which OpenAPI can describe from 3.2 on */
    static List<Operation> all(boolean events) {
        List<Operation> all = new ArrayList<>(queries());
        all.addAll(targetsAndRules());
        all.addAll(status(events));
        all.addAll(changes());
        return all;
    }

    private static List<Operation> queries() {
        Answer query = Answer.json(Schemas.ref("QueryData"));
        return List.of(
                new Operation(
                        "/query",
                        GET_OR_POST,
                        "query",
                        "query",
                        "Evaluates an expression at one time.",
                        query,
                        List.of(QUERY, TIME, TIMEOUT, LIMIT, LOOKBACK, STATS),
                        Set.of(QUERY)),
                new Operation(
                        "/query_range",
                        GET_OR_POST,
                        "query-range",
                        "query",
                        "Evaluates an expression over a time range.",
                        query,
                        List.of(QUERY, START, END, STEP, TIMEOUT, LIMIT, LOOKBACK, STATS),
                        Set.of(QUERY, START, END, STEP)),
                new Operation(
                        "/query_exemplars",
                        GET_OR_POST,
                        "query-exemplars",
                        "query",
                        "Gives the exemplars of the series that an expression selects.",
                        Answer.json(Schemas.list(Schemas.object(
                                "seriesLabels", Schemas.LABELS, "exemplars", Schemas.list(Schemas.OBJECT)))),
                        List.of(QUERY, START, END),
                        Set.of(QUERY)),
                new Operation(
                        "/format_query",
                        GET_OR_POST,
                        "format-query",
                        "query",
                        "Writes an expression in its usual form.",
                        Answer.json(Schemas.TEXT),
                        List.of(QUERY),
                        Set.of(QUERY)),
                new Operation(
                        "/parse_query",
                        GET_OR_POST,
                        "parse-query",
                        "query",
                        "Gives the tree of an expression.",
                        Answer.json(Schemas.OBJECT),
                        List.of(QUERY),
                        Set.of(QUERY)),
                new Operation(
                        "/series",
                        GET_OR_POST,
                        "series",
                        "series",
                        "Finds series.",
                        Answer.json(Schemas.list(Schemas.LABELS)),
                        List.of(MATCH, START, END, LIMIT),
                        Set.of(MATCH)),
                new Operation(
                        "/labels",
                        GET_OR_POST,
                        "labels",
                        "labels",
                        "Finds label names.",
                        Answer.json(Schemas.TEXTS),
                        List.of(START, END, MATCH, LIMIT),
                        NONE),
                new Operation(
                        "/label/{name}/values",
                        GET,
                        "label-values",
                        "labels",
                        "Finds the values of a label.",
                        Answer.json(Schemas.TEXTS),
                        List.of(NAME, START, END, MATCH, LIMIT),
                        NONE),
                new Operation(
                        "/search/metric_names",
                        GET_OR_POST,
                        "search-metric-names",
                        "metadata",
                        "Searches metric names, with --enable-feature=search-api.",
                        Answer.lines(),
                        with(INCLUDE_METADATA),
                        NONE),
                new Operation(
                        "/search/label_names",
                        GET_OR_POST,
                        "search-label-names",
                        "labels",
                        "Searches label names, with --enable-feature=search-api.",
                        Answer.lines(),
                        SEARCHING,
                        NONE),
                new Operation(
                        "/search/label_values",
                        GET_OR_POST,
                        "search-label-values",
                        "labels",
                        "Searches the values of a label, with --enable-feature=search-api.",
                        Answer.lines(),
                        with(LABEL),
                        Set.of(LABEL)),
                new Operation(
                        "/metadata",
                        GET,
                        "get-metadata",
                        "metadata",
                        "Tells what targets say of their metrics.",
                        Answer.json(Schemas.byName(Schemas.list(Schemas.ref("Metadata")))),
                        List.of(LIMIT, LIMIT_PER_METRIC, METRIC),
                        NONE));
    }

    private static List<Operation> targetsAndRules() {
        Map<String, Object> yaml = Schemas.object("yaml", Schemas.TEXT);
        return List.of(
                new Operation(
                        "/scrape_pools",
                        GET,
                        "get-scrape-pools",
                        "targets",
                        "Lists the scrape pools.",
                        Answer.json(Schemas.object("scrapePools", Schemas.TEXTS)),
                        List.of(),
                        NONE),
                new Operation(
                        "/scrape_pools/config",
                        GET,
                        "get-scrape-pool-config",
                        "targets",
                        "Gives the configuration of a scrape pool with all defaults.",
                        Answer.json(yaml),
                        List.of(SCRAPE_POOL),
                        Set.of(SCRAPE_POOL)),
                new Operation(
                        "/targets",
                        GET,
                        "get-targets",
                        "targets",
                        "Lists targets, and those that relabelling dropped.",
                        Answer.json(Schemas.object(
                                "activeTargets", Schemas.list(Schemas.ref("Target")),
                                "droppedTargets", Schemas.list(Schemas.OBJECT),
                                "droppedTargetCounts", Schemas.byName(Schemas.WHOLE))),
                        List.of(SCRAPE_POOL, STATE),
                        NONE),
                new Operation(
                        "/targets/metadata",
                        GET,
                        "get-targets-metadata",
                        "targets",
                        "Tells which target says what of its metrics.",
                        Answer.json(Schemas.list(Schemas.object(
                                "target",
                                Schemas.LABELS,
                                "metric",
                                Schemas.TEXT,
                                "type",
                                Schemas.TEXT,
                                "help",
                                Schemas.TEXT,
                                "unit",
                                Schemas.TEXT))),
                        List.of(MATCH_TARGET, METRIC, LIMIT),
                        NONE),
                new Operation(
                        "/targets/relabel_steps",
                        GET,
                        "get-targets-relabel-steps",
                        "targets",
                        "Shows what each relabelling rule of a scrape pool makes of labels.",
                        Answer.json(Schemas.OBJECT),
                        List.of(SCRAPE_POOL, LABELS),
                        Set.of(SCRAPE_POOL, LABELS)),
                new Operation(
                        "/rules",
                        GET,
                        "rules",
                        "rules",
                        "Lists rule groups with their rules and alerts.",
                        Answer.json(Schemas.object(
                                "groups", Schemas.list(Schemas.ref("RuleGroup")), "groupNextToken", Schemas.TEXT)),
                        List.of(
                                TYPE,
                                RULE_NAME,
                                RULE_GROUP,
                                FILE,
                                MATCH,
                                EXCLUDE_ALERTS,
                                GROUP_LIMIT,
                                GROUP_NEXT_TOKEN),
                        NONE),
                new Operation(
                        "/alerts",
                        GET,
                        "alerts",
                        "alerts",
                        "Lists the alerts that are pending or firing.",
                        Answer.json(Schemas.object("alerts", Schemas.list(Schemas.ref("Alert")))),
                        List.of(),
                        NONE),
                new Operation(
                        "/alertmanagers",
                        GET,
                        "alertmanagers",
                        "alerts",
                        "Lists the Alertmanagers outside; alerts are routed inside, so there are none.",
                        Answer.json(Schemas.object(
                                "activeAlertmanagers", Schemas.list(Schemas.OBJECT),
                                "droppedAlertmanagers", Schemas.list(Schemas.OBJECT))),
                        List.of(),
                        NONE));
    }

    private static Operation status(String path, String id, String summary, Map<String, Object> data, Parameter... of) {
        return new Operation(path, GET, id, "status", summary, Answer.json(data), List.of(of), NONE);
    }

    private static List<Operation> status(boolean events) {
        List<Operation> all = new ArrayList<>(List.of(
                status(
                        "/status/config",
                        "get-status-config",
                        "Gives the configuration with all defaults.",
                        Schemas.object("yaml", Schemas.TEXT)),
                status("/status/runtimeinfo", "get-status-runtimeinfo", "Tells of the process.", Schemas.OBJECT),
                status(
                        "/status/buildinfo",
                        "get-status-buildinfo",
                        "Tells which program this is.",
                        Schemas.byName(Schemas.TEXT)),
                status("/status/flags", "get-status-flags", "Gives the flags.", Schemas.byName(Schemas.TEXT)),
                status(
                        "/status/resources",
                        "get-status-resources",
                        "Tells how each resource of the configuration fares.",
                        Schemas.OBJECT),
                status(
                        "/status/tsdb",
                        "status-tsdb",
                        "Tells which names and values have the most series.",
                        Schemas.object(
                                "headStats", Schemas.byName(Schemas.WHOLE),
                                "seriesCountByMetricName", Schemas.list(Schemas.ref("Count")),
                                "labelValueCountByLabelName", Schemas.list(Schemas.ref("Count")),
                                "memoryInBytesByLabelName", Schemas.list(Schemas.ref("Count")),
                                "seriesCountByLabelValuePair", Schemas.list(Schemas.ref("Count"))),
                        LIMIT),
                status(
                        "/status/tsdb/blocks",
                        "status-tsdb-blocks",
                        "Lists the blocks on disk.",
                        Schemas.object("blocks", Schemas.list(Schemas.OBJECT))),
                status(
                        "/status/walreplay",
                        "get-status-walreplay",
                        "Tells how far the replay of the log is.",
                        Schemas.byName(Schemas.WHOLE)),
                status(
                        "/status/self_metrics",
                        "get-status-self-metrics",
                        "Gives the metrics of this server.",
                        Schemas.list(Schemas.OBJECT),
                        METRIC_NAME_PATTERN),
                new Operation(
                        "/notifications",
                        GET,
                        "get-notifications",
                        "notifications",
                        "Lists what the user should know.",
                        Answer.json(Schemas.list(Schemas.OBJECT)),
                        List.of(),
                        NONE),
                new Operation(
                        "/features",
                        GET,
                        "get-features",
                        "features",
                        "Tells what this server can do and what is on.",
                        Answer.json(Schemas.byName(Schemas.byName(Schemas.FLAG))),
                        List.of(),
                        NONE)));
        if (events) {
            all.add(new Operation(
                    "/notifications/live",
                    GET,
                    "get-notifications-live",
                    "notifications",
                    "Tells the same as it changes.",
                    Answer.events(),
                    List.of(),
                    NONE));
        }
        return all;
    }

    private static List<Operation> changes() {
        String protobuf = "application/x-protobuf";
        return List.of(
                new Operation(
                        "/admin/tsdb/delete_series",
                        POST_OR_PUT,
                        "delete-series",
                        "admin",
                        "Deletes samples, with --web.enable-admin-api.",
                        Answer.nothing(),
                        List.of(MATCH, START, END),
                        Set.of(MATCH)),
                new Operation(
                        "/admin/tsdb/clean_tombstones",
                        POST_OR_PUT,
                        "clean-tombstones",
                        "admin",
                        "Frees the disk of what was deleted, with --web.enable-admin-api.",
                        Answer.nothing(),
                        List.of(),
                        NONE),
                new Operation(
                        "/admin/tsdb/snapshot",
                        POST_OR_PUT,
                        "snapshot",
                        "admin",
                        "Copies the data to a directory, with --web.enable-admin-api.",
                        Answer.json(Schemas.object("name", Schemas.TEXT)),
                        List.of(SKIP_HEAD),
                        NONE),
                new Operation(
                        "/read",
                        POST,
                        "remote-read",
                        "remote",
                        "Reads series (remote read).",
                        new Answer(200, protobuf, Map.of("type", "string", "format", "binary"), protobuf),
                        List.of(),
                        NONE),
                new Operation(
                        "/write",
                        POST,
                        "remote-write",
                        "remote",
                        "Takes series (remote write 1.0 and 2.0), with --web.enable-remote-write-receiver.",
                        Answer.ofMessage(protobuf),
                        List.of(),
                        NONE));
    }
}
