// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.api;

import dev.narthex.promql.syntax.AggregateOp;
import dev.narthex.promql.syntax.Function;
import dev.narthex.promql.syntax.Functions;
import dev.narthex.promql.syntax.PromqlFeature;
import dev.narthex.server.http.JsonEnvelope;
import dev.narthex.server.http.JsonWriter;
import dev.narthex.server.http.Request;
import dev.narthex.server.http.Response;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * {@code /api/v1/features}: what this server can do and what of it is on, by Prometheus' names. What it cannot do stands
 * there as off. Made once; safe for use by many threads.
 */
public final class FeaturesApi {
    private static final List<String> OPERATORS = List.of(
            "!=", "!~", "%", "*", "+", "-", "/", "<", "</", "<=", "==", "=~", ">", ">/", ">=", "@", "^", "and", "atan2",
            "or", "unless");

    private static final List<String> TEMPLATE_FUNCTIONS = List.of(
            "args",
            "externalURL",
            "first",
            "graphLink",
            "humanize",
            "humanize1024",
            "humanizeDuration",
            "humanizePercentage",
            "humanizeTimestamp",
            "label",
            "match",
            "now",
            "parseDuration",
            "pathPrefix",
            "query",
            "reReplaceAll",
            "safeHtml",
            "sortByLabel",
            "stripDomain",
            "stripPort",
            "strvalue",
            "tableLink",
            "title",
            "toDuration",
            "toLower",
            "toTime",
            "toUpper",
            "urlQueryEscape",
            "value");

    private final SortedMap<String, SortedMap<String, Boolean>> features = new TreeMap<>();

    /**
     * What differs from one server to the next.
     *
     * @param promql experimental parts of the language that are on
     * @param discoveries the kinds of discovery that there are
     */
    public record Switches(
            boolean adminApi,
            boolean lifecycleApi,
            boolean remoteWriteReceiver,
            boolean autoReload,
            boolean startTimestampZeros,
            boolean startTimestamps,
            boolean search,
            Set<PromqlFeature> promql,
            Set<String> discoveries) {
        public Switches {
            promql = Set.copyOf(promql);
            discoveries = Set.copyOf(discoveries);
        }
    }

    public FeaturesApi(Switches on) {
        category("api")
                .with("admin", on.adminApi)
                .with("exclude_alerts", true)
                .with("label_values_match", true)
                .with("lifecycle", on.lifecycleApi)
                .with("openapi_3.1", true)
                .with("openapi_3.2", true)
                .with("otlp_write_receiver", false)
                .with("query_stats", true)
                .with("query_warnings", true)
                .with("remote_write_receiver", on.remoteWriteReceiver)
                .with("search", on.search)
                .with("search_fuzz_alg_jarowinkler", true)
                .with("search_fuzz_alg_subsequence", true)
                .with("time_range_labels", true)
                .with("time_range_series", true);
        category("otlp_receiver").with("delta_conversion", false).with("native_delta_ingestion", false);
        category("prometheus")
                .with("agent_mode", false)
                .with("auto_reload_config", on.autoReload)
                .with("server_mode", true)
                .with("stringlabels", true);
        promql(on.promql);
        category("rules")
                .with("concurrent_rule_eval", false)
                .with("keep_firing_for", true)
                .with("query_offset", true);
        category("scrape")
                .with("extra_scrape_metrics", true)
                .with("openmetrics2", false)
                .with("start_timestamp_zero_ingestion", on.startTimestampZeros)
                .with("type_and_unit_labels", on.promql.contains(PromqlFeature.TYPE_AND_UNIT_LABELS));
        Category discoveries = category("service_discovery_providers");
        on.discoveries.forEach(name -> discoveries.with(name, true));
        Category templates = category("templating_functions");
        TEMPLATE_FUNCTIONS.forEach(name -> templates.with(name, true));
        category("tsdb")
                .with("delayed_compaction", false)
                .with("exemplar_storage", true)
                .with("histograms_st_encoding", on.startTimestamps)
                .with("isolation", true)
                .with("native_histograms", true)
                .with("st_storage", on.startTimestamps)
                .with("use_uncached_io", false)
                .with("xor2_encoding", on.startTimestamps);
        category("ui").with("ui_v2", false).with("ui_v3", false);
    }

    private void promql(Set<PromqlFeature> on) {
        boolean ranges = on.contains(PromqlFeature.EXTENDED_RANGE_SELECTORS);
        boolean fills = on.contains(PromqlFeature.BINARY_FILL_MODIFIERS);
        boolean experimental = on.contains(PromqlFeature.EXPERIMENTAL_FUNCTIONS);
        Category language = category("promql")
                .with("anchored", ranges)
                .with("delayed_name_removal", on.contains(PromqlFeature.DELAYED_NAME_REMOVAL))
                .with("fill", fills)
                .with("fill_left", fills)
                .with("fill_right", fills)
                .with("per_step_stats", on.contains(PromqlFeature.PER_STEP_STATS))
                .with("smoothed", ranges)
                .with("type_and_unit_labels", on.contains(PromqlFeature.TYPE_AND_UNIT_LABELS));
        for (String name : List.of(
                "at_modifier",
                "bool",
                "by",
                "duration_expr",
                "group_left",
                "group_right",
                "ignoring",
                "negative_offset",
                "offset",
                "on",
                "per_query_lookback_delta",
                "subqueries",
                "without")) {
            language.with(name, true);
        }
        Category functions = category("promql_functions");
        for (String name : Functions.names()) {
            Function function = Functions.find(name);
            boolean isExperimental = function != null && function.experimental();
            functions.with(name, experimental || !isExperimental);
        }
        Category operators = category("promql_operators");
        OPERATORS.forEach(name -> operators.with(name, true));
        for (AggregateOp operator : AggregateOp.values()) {
            operators.with(operator.text(), experimental || !operator.isExperimental());
        }
    }

    private record Category(SortedMap<String, Boolean> features) {
        Category with(String name, boolean isOn) {
            features.put(name, isOn);
            return this;
        }
    }

    private Category category(String name) {
        return new Category(features.computeIfAbsent(name, _ -> new TreeMap<>()));
    }

    /** {@code GET /api/v1/features}. */
    public Response features(Request request) {
        return JsonEnvelope.success(this::write);
    }

    private void write(JsonWriter json) throws IOException {
        json.beginObject();
        for (Map.Entry<String, SortedMap<String, Boolean>> category : features.entrySet()) {
            json.name(category.getKey()).beginObject();
            for (Map.Entry<String, Boolean> feature : category.getValue().entrySet()) {
                json.member(feature.getKey(), feature.getValue());
            }
            json.endObject();
        }
        json.endObject();
    }
}
