// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.api;

import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.model.MatchOp;
import dev.narthex.model.Timestamps;
import dev.narthex.server.http.ApiException;
import dev.narthex.server.http.JsonEnvelope;
import dev.narthex.server.http.JsonWriter;
import dev.narthex.server.http.Request;
import dev.narthex.server.http.Response;
import dev.narthex.server.query.QueryWorkers;
import dev.narthex.storage.Querier;
import dev.narthex.storage.Queryable;
import dev.narthex.storage.ReadProgress;
import dev.narthex.storage.SelectHints;
import dev.narthex.storage.SeriesSet;
import dev.narthex.tsdb.TsdbStats;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** {@code /api/v1/status/tsdb}: what the head holds most of. Counting goes over all series, on a query worker. */
public final class TsdbApi {
    private static final int DEFAULT_LIMIT = 10;
    private static final int MAX_LIMIT = 10_000;

    private final Supplier<Optional<TsdbStats>> stats;
    private final Queryable storage;
    private final QueryWorkers workers;
    private final Duration timeout;

    /** @param timeout for one answer */
    public TsdbApi(Supplier<Optional<TsdbStats>> stats, Queryable storage, QueryWorkers workers, Duration timeout) {
        this.stats = stats;
        this.storage = storage;
        this.workers = workers;
        this.timeout = timeout;
    }

    /** {@code limit}. */
    public Response tsdb(Request request) throws InterruptedException {
        int limit = limit(request.parameter("limit"));
        Counts counts = StorageReads.read(workers, this::count, timeout);
        Optional<TsdbStats> now = stats.get();
        return JsonEnvelope.success(json -> {
            json.beginObject().name("headStats").beginObject();
            json.member("numSeries", now.map(value -> value.head().series()).orElse(0L))
                    .member(
                            "numLabelPairs",
                            now.map(value -> value.head().labelPairs()).orElse(0L))
                    .member(
                            "chunkCount",
                            now.map(value -> value.head().chunks()).orElse(0L))
                    .member(
                            "minTime",
                            now.map(value -> value.head().minTimeMs()).orElse(Long.MAX_VALUE))
                    .member(
                            "maxTime",
                            now.map(value -> value.head().maxTimeMs()).orElse(Long.MIN_VALUE))
                    .endObject();
            top(json, "seriesCountByMetricName", counts.metrics, limit);
            top(json, "labelValueCountByLabelName", counts.values, limit);
            top(json, "memoryInBytesByLabelName", counts.bytes, limit);
            top(json, "seriesCountByLabelValuePair", counts.pairs, limit);
            json.endObject();
        });
    }

    private static int limit(String text) {
        if (text.isEmpty()) {
            return DEFAULT_LIMIT;
        }
        Long given = Parameters.wholeNumber(text);
        int limit = given == null ? 0 : Math.clamp(given, 0, Integer.MAX_VALUE);
        if (limit < 1) {
            throw ApiException.badData("limit must be a positive number");
        }
        if (limit > MAX_LIMIT) {
            throw ApiException.badData("limit must not exceed " + MAX_LIMIT);
        }
        return limit;
    }

    /** What is counted, by name. */
    private static final class Counts {
        private final Map<String, Long> metrics = new HashMap<>();
        private final Map<String, Long> values = new HashMap<>();
        private final Map<String, Long> bytes = new HashMap<>();
        private final Map<String, Long> pairs = new HashMap<>();

        void add(Labels labels) {
            metrics.merge(labels.metricName(), 1L, Long::sum);
            for (int i = 0; i < labels.size(); i++) {
                bytes.merge(labels.name(i), size(labels.name(i)) + size(labels.value(i)), Long::sum);
                pairs.merge(labels.name(i) + "=" + labels.value(i), 1L, Long::sum);
            }
        }
    }

    /** What Prometheus keeps of a text in every series: its bytes, and one that says how many they are, or four. */
    private static long size(String text) {
        long bytes = text.getBytes(StandardCharsets.UTF_8).length;
        return bytes + (bytes < 255 ? 1 : 4);
    }

    private Counts count() {
        Counts counts = new Counts();
        List<LabelMatcher> all = List.of(LabelMatcher.of(MatchOp.NOT_EQUAL, Labels.METRIC_NAME, ""));
        try (Querier querier = storage.querier(Timestamps.MIN_MS, Timestamps.MAX_MS)) {
            SeriesSet series =
                    querier.select(new SelectHints(Timestamps.MIN_MS, Timestamps.MAX_MS, 0, 0, "series", false), all);
            ReadProgress progress = new ReadProgress();
            while (series.next()) {
                progress.step();
                counts.add(series.labels());
            }
            for (String name : querier.labelNames(List.of())) {
                counts.values.put(
                        name, (long) querier.labelValues(name, List.of()).size());
            }
        }
        return counts;
    }

    private static void top(JsonWriter json, String name, Map<String, Long> counts, int limit) throws IOException {
        List<Map.Entry<String, Long>> top = counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(limit)
                .toList();
        json.name(name).beginArray();
        for (Map.Entry<String, Long> entry : top) {
            json.beginObject()
                    .member("name", entry.getKey())
                    .member("value", entry.getValue())
                    .endObject();
        }
        json.endArray();
    }
}
