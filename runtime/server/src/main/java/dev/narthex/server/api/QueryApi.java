// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.api;

import dev.narthex.memory.MemoryAccount;
import dev.narthex.model.FloatHistogram;
import dev.narthex.model.QuotedString;
import dev.narthex.promql.PromqlEngine;
import dev.narthex.promql.QueryOptions;
import dev.narthex.promql.syntax.PromqlFeature;
import dev.narthex.promql.syntax.PromqlParseException;
import dev.narthex.promql.value.MatrixSeries;
import dev.narthex.promql.value.QueryException;
import dev.narthex.promql.value.QueryResult;
import dev.narthex.promql.value.QueryStatistics;
import dev.narthex.promql.value.Value;
import dev.narthex.promql.value.VectorSample;
import dev.narthex.server.http.ApiException;
import dev.narthex.server.http.JsonEnvelope;
import dev.narthex.server.http.JsonWriter;
import dev.narthex.server.http.Request;
import dev.narthex.server.http.Response;
import dev.narthex.server.query.AskedQuery;
import dev.narthex.server.query.PreparedQueries;
import dev.narthex.server.query.QueryLog;
import dev.narthex.server.query.QueryOrigin;
import dev.narthex.server.query.QueryTimings;
import dev.narthex.server.query.QueryWorkers;
import dev.narthex.server.query.StatisticsJson;
import dev.narthex.storage.Queryable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/query} and {@code /api/v1/query_range}. */
public final class QueryApi {
    /** Prometheus' limit for the points of a series in an answer. */
    private static final int MAX_POINTS = 11_000;

    private static final long NANOS_A_MS = 1_000_000;

    /** Parsed queries that are kept: those of a few dashboards, and none that takes much memory. */
    private static final int MOST_KEPT = 256;

    private static final int LONGEST_KEPT = 1_024;

    private static final String TRUNCATED = "results truncated due to limit";

    private final Supplier<PromqlEngine> engine;
    private final Queryable storage;
    private final QueryWorkers workers;
    private final QueryLog log;
    private final PreparedQueries prepared;
    private final InstantSource clock;

    /** @param log is told of each query */
    public QueryApi(
            Supplier<PromqlEngine> engine, Queryable storage, QueryWorkers workers, QueryLog log, InstantSource clock) {
        this.log = log;
        this.prepared = new PreparedQueries(engine, MOST_KEPT, LONGEST_KEPT);
        this.engine = engine;
        this.storage = storage;
        this.workers = workers;
        this.clock = clock;
    }

    /** {@code query}, {@code time}, {@code timeout}, {@code limit}, {@code lookback_delta}, {@code stats}. */
    public Response instant(Request request) throws InterruptedException {
        int limit = Parameters.limit(request);
        long timestampMs = Parameters.time(request, "time", clock.millis());
        QueryOptions options = options(request);
        String query = request.parameter("query");
        Evaluated evaluated = evaluate(
                AskedQuery.instant(query, timestampMs, origin(request)),
                options,
                () -> engine.get().instant(storage, prepared.get(query), timestampMs, options));
        return answer(evaluated, limit, request);
    }

    /**
     * {@code query}, {@code start}, {@code end}, {@code step}, {@code timeout}, {@code limit}, {@code lookback_delta},
     * {@code stats}.
     */
    public Response range(Request request) throws InterruptedException {
        int limit = Parameters.limit(request);
        long startMs = Parameters.time(request, "start");
        long endMs = Parameters.time(request, "end");
        if (endMs < startMs) {
            throw ApiException.invalidParameter("end", "end timestamp must not be before start time");
        }
        long stepNanos = Parameters.durationNanos(request, "step");
        if (stepNanos <= 0) {
            throw ApiException.invalidParameter(
                    "step", "zero or negative query resolution step widths are not accepted. Try a positive integer");
        }
        long stepMs = Math.max(1, stepNanos / NANOS_A_MS);
        if ((endMs - startMs) / (stepNanos / (double) NANOS_A_MS) >= MAX_POINTS + 1) {
            throw ApiException.badData("exceeded maximum resolution of 11,000 points per timeseries."
                    + " Try decreasing the query resolution (?step=XX)");
        }
        QueryOptions options = options(request);
        String query = request.parameter("query");
        Evaluated evaluated = evaluate(
                new AskedQuery(query, startMs, endMs, stepMs, origin(request)),
                options,
                () -> engine.get().range(storage, prepared.get(query), startMs, endMs, stepMs, options));
        return answer(evaluated, limit, request);
    }

    private static QueryOptions options(Request request) {
        Duration timeout = Parameters.optionalDuration(request, "timeout");
        Duration lookback;
        try {
            lookback = Parameters.optionalDuration(request, "lookback_delta");
        } catch (ApiException e) {
            String words = e.text().substring(e.text().indexOf(": ") + 2);
            throw new ApiException(e.type(), "error parsing lookback delta duration: " + words, e);
        }
        boolean usesDefault = lookback == null || lookback.isZero() || lookback.isNegative();
        return new QueryOptions(usesDefault ? null : lookback, timeout);
    }

    private static QueryOrigin origin(Request request) {
        return new QueryOrigin.Http(request.clientAddress(), request.method(), request.path());
    }

    private record Evaluated(QueryResult result, QueryTimings timings) {}

    private Evaluated evaluate(AskedQuery query, QueryOptions options, Supplier<QueryResult> evaluation)
            throws InterruptedException {
        Duration limit = engine.get().config().timeout();
        Duration asked = options.timeout();
        Duration timeout = asked == null || asked.compareTo(limit) > 0 ? limit : asked;
        QueryTimings timings = workers.timings();
        try {
            return new Evaluated(
                    log.logged(query, timings, () -> workers.evaluate(evaluation, timeout, timings)), timings);
        } catch (PromqlParseException e) {
            throw ApiException.invalidParameter("query", e.words());
        } catch (QueryException e) {
            throw StorageReads.failure(e);
        }
    }

    /** What is said of what a query cost. */
    private record Statistics(QueryTimings timings, QueryStatistics counts, boolean perStep) {}

    private Response answer(Evaluated evaluated, int limit, Request request) {
        QueryResult result = evaluated.result();
        Set<PromqlFeature> features = engine.get().config().features();
        boolean tooLong = limit > 0 && size(result.value()) > limit;
        Value value = tooLong ? truncated(result.value(), limit) : result.value();
        List<String> warnings = new ArrayList<>(result.annotations().warnings());
        if (tooLong) {
            warnings.add(TRUNCATED);
        }
        String stats = request.parameter("stats");
        if (!stats.isEmpty() && !stats.equals("true") && !stats.equals("all")) {
            warnings.add(
                    "value " + QuotedString.of(stats) + " for parameter \"stats\" is deprecated and will be rejected in"
                            + " the next major release, use \"true\" or \"all\"");
        }
        boolean perStep = features.contains(PromqlFeature.PER_STEP_STATS) && stats.equals("all");
        Statistics statistics =
                stats.isEmpty() ? null : new Statistics(evaluated.timings(), result.statistics(), perStep);
        return JsonEnvelope.success(
                json -> counted(result.statistics().resultBytes(), () -> write(json, value, statistics)),
                warnings,
                result.annotations().infos());
    }

    /** Writes a result, which counts as memory of queries as long as a slow client keeps it. */
    private void counted(long bytes, Writing writing) throws IOException {
        MemoryAccount.Tag results = engine.get().config().memory().tag("results");
        results.take(bytes);
        try {
            writing.write();
        } finally {
            results.giveBack(bytes);
        }
    }

    @FunctionalInterface
    private interface Writing {
        void write() throws IOException;
    }

    private static int size(Value value) {
        return switch (value) {
            case Value.Vector vector -> vector.samples().size();
            case Value.Matrix matrix -> matrix.series().size();
            case Value.Scalar _, Value.Text _ -> 1;
        };
    }

    private static Value truncated(Value value, int limit) {
        return switch (value) {
            case Value.Vector vector -> new Value.Vector(vector.samples().subList(0, limit));
            case Value.Matrix matrix -> new Value.Matrix(matrix.series().subList(0, limit));
            case Value.Scalar _, Value.Text _ -> value;
        };
    }

    private static void write(JsonWriter json, Value value, @Nullable Statistics statistics) throws IOException {
        json.beginObject().member("resultType", value.typeName()).name("result");
        switch (value) {
            case Value.Scalar scalar ->
                json.beginArray()
                        .number(scalar.timestampMs() / 1000.0)
                        .sampleValue(scalar.value())
                        .endArray();
            case Value.Text text ->
                json.beginArray()
                        .number(text.timestampMs() / 1000.0)
                        .string(text.value())
                        .endArray();
            case Value.Vector vector -> write(json, vector);
            case Value.Matrix matrix -> write(json, matrix);
        }
        if (statistics != null) {
            StatisticsJson.write(json.name("stats"), statistics.timings(), statistics.counts(), statistics.perStep());
        }
        json.endObject();
    }

    private static void write(JsonWriter json, Value.Vector vector) throws IOException {
        json.beginArray();
        for (VectorSample sample : vector.samples()) {
            FloatHistogram histogram = sample.histogram();
            json.beginObject().name("metric").labels(sample.labels());
            if (histogram == null) {
                json.name("value").point(sample.timestampMs(), sample.value());
            } else {
                json.name("histogram").point(sample.timestampMs(), histogram);
            }
            json.endObject();
        }
        json.endArray();
    }

    private static void write(JsonWriter json, Value.Matrix matrix) throws IOException {
        json.beginArray();
        for (MatrixSeries series : matrix.series()) {
            json.beginObject().name("metric").labels(series.labels());
            try {
                write(json, series);
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
            json.endObject();
        }
        json.endArray();
    }

    /** The floats of a series, and apart from them its native histograms; what it has none of is left out. */
    private static void write(JsonWriter json, MatrixSeries series) throws IOException {
        int histograms = series.histogramCount();
        if (histograms < series.size()) {
            json.name("values").beginArray();
            series.forEach((timestampMs, value) -> point(json, timestampMs, value));
            json.endArray();
        }
        if (histograms > 0) {
            json.name("histograms").beginArray();
            series.forEachHistogram((timestampMs, histogram) -> point(json, timestampMs, histogram));
            json.endArray();
        }
    }

    private static void point(JsonWriter json, long timestampMs, FloatHistogram histogram) {
        try {
            json.point(timestampMs, histogram);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void point(JsonWriter json, long timestampMs, double value) {
        try {
            json.point(timestampMs, value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
