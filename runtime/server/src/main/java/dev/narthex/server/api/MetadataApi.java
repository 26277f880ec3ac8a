// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.api;

import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.model.Metadata;
import dev.narthex.promql.syntax.PromqlParseException;
import dev.narthex.promql.syntax.PromqlParser;
import dev.narthex.scrape.TargetMetadata;
import dev.narthex.server.http.ApiException;
import dev.narthex.server.http.JsonEnvelope;
import dev.narthex.server.http.JsonWriter;
import dev.narthex.server.http.Request;
import dev.narthex.server.http.Response;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/** {@code /api/v1/metadata} and {@code /api/v1/targets/metadata}: what targets say of their metric families. */
public final class MetadataApi {
    private static final int NO_LIMIT = -1;

    private final Supplier<List<TargetMetadata>> targets;

    public MetadataApi(Supplier<List<TargetMetadata>> targets) {
        this.targets = targets;
    }

    /** {@code metric}, {@code limit} of metrics and {@code limit_per_metric}; equal texts of many targets count once. */
    public Response metadata(Request request) {
        int limit = limit(request, "limit");
        int perMetric = limit(request, "limit_per_metric");
        String metric = request.parameter("metric");
        Map<String, Set<Metadata>> found = new TreeMap<>();
        for (TargetMetadata target : targets.get()) {
            target.families().forEach((name, metadata) -> {
                if (metric.isEmpty() || metric.equals(name)) {
                    Set<Metadata> all = found.computeIfAbsent(name, _ -> new LinkedHashSet<>());
                    if (perMetric <= 0 || all.size() < perMetric) {
                        all.add(metadata);
                    }
                }
            });
        }
        return JsonEnvelope.success(json -> {
            json.beginObject();
            int count = 0;
            for (Map.Entry<String, Set<Metadata>> family : found.entrySet()) {
                if (limit >= 0 && count++ >= limit) {
                    break;
                }
                json.name(family.getKey()).beginArray();
                for (Metadata metadata : family.getValue()) {
                    write(json.beginObject(), metadata).endObject();
                }
                json.endArray();
            }
            json.endObject();
        });
    }

    private record Entry(Labels target, String metric, Metadata metadata) {}

    /** {@code match_target}, {@code metric} and {@code limit} of entries. */
    public Response targetMetadata(Request request) {
        int limit = limit(request, "limit");
        String metric = request.parameter("metric");
        List<LabelMatcher> matchers = targetMatchers(request.parameter("match_target"));
        List<Entry> entries = new ArrayList<>();
        for (TargetMetadata target : targets.get()) {
            if (matchers.stream()
                    .allMatch(matcher -> matcher.matches(target.target().getOrEmpty(matcher.name())))) {
                target.families().forEach((name, metadata) -> {
                    if ((metric.isEmpty() || metric.equals(name)) && (limit < 0 || entries.size() < limit)) {
                        entries.add(new Entry(target.target(), metric.isEmpty() ? name : "", metadata));
                    }
                });
            }
        }
        return JsonEnvelope.success(json -> {
            json.beginArray();
            for (Entry entry : entries) {
                json.beginObject().name("target").labels(entry.target);
                if (!entry.metric.isEmpty()) {
                    json.member("metric", entry.metric);
                }
                write(json, entry.metadata).endObject();
            }
            json.endArray();
        });
    }

    private static JsonWriter write(JsonWriter json, Metadata metadata) throws IOException {
        return json.member("type", metadata.type().text())
                .member("help", metadata.help())
                .member("unit", metadata.unit());
    }

    private static int limit(Request request, String name) {
        String text = request.parameter(name);
        if (text.isEmpty()) {
            return NO_LIMIT;
        }
        Long limit = Parameters.wholeNumber(text);
        if (limit == null) {
            throw ApiException.badData(name + " must be a number");
        }
        return Math.clamp(limit, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    private static List<LabelMatcher> targetMatchers(String text) {
        if (text.isEmpty()) {
            return List.of();
        }
        try {
            return PromqlParser.parseAnySelector(text);
        } catch (PromqlParseException e) {
            throw ApiException.invalidParameter("match_target", e.words());
        }
    }
}
