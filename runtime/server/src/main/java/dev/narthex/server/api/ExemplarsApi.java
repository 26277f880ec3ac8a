// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.api;

import dev.narthex.model.Exemplar;
import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Timestamps;
import dev.narthex.promql.PromqlEngine;
import dev.narthex.promql.syntax.Expr;
import dev.narthex.promql.syntax.PromqlParseException;
import dev.narthex.server.http.ApiException;
import dev.narthex.server.http.JsonEnvelope;
import dev.narthex.server.http.JsonWriter;
import dev.narthex.server.http.Request;
import dev.narthex.server.http.Response;
import dev.narthex.storage.ExemplarQueryable;
import dev.narthex.storage.ExemplarSeries;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** {@code /api/v1/query_exemplars}: the exemplars of the series that a query selects. */
public final class ExemplarsApi {
    private final Supplier<PromqlEngine> engine;
    private final ExemplarQueryable exemplars;

    public ExemplarsApi(Supplier<PromqlEngine> engine, ExemplarQueryable exemplars) {
        this.engine = engine;
        this.exemplars = exemplars;
    }

    /** {@code query}, {@code start}, {@code end}. */
    public Response query(Request request) {
        long startMs = Parameters.time(request, "start", Timestamps.MIN_MS);
        long endMs = Parameters.time(request, "end", Timestamps.MAX_MS);
        if (endMs < startMs) {
            throw ApiException.badData("end timestamp must not be before start timestamp");
        }
        List<List<LabelMatcher>> selectors = new ArrayList<>();
        try {
            collect(engine.get().parse(request.parameter("query")), selectors);
        } catch (PromqlParseException e) {
            throw ApiException.badData(e.words());
        }
        List<ExemplarSeries> found = selectors.isEmpty() ? List.of() : exemplars.exemplars(startMs, endMs, selectors);
        return JsonEnvelope.success(json -> {
            json.beginArray();
            for (ExemplarSeries series : found) {
                write(json, series);
            }
            json.endArray();
        });
    }

    /** The matchers of all selectors in a query. */
    private static void collect(Expr expr, List<List<LabelMatcher>> selectors) {
        switch (expr) {
            case Expr.NumberLiteral _, Expr.StringLiteral _ -> {}
            case Expr.VectorSelector selector -> selectors.add(selector.matchers());
            case Expr.MatrixSelector matrix -> collect(matrix.selector(), selectors);
            case Expr.Subquery subquery -> collect(subquery.inner(), selectors);
            case Expr.Call call -> call.arguments().forEach(argument -> collect(argument, selectors));
            case Expr.Aggregation aggregation -> {
                collect(aggregation.inner(), selectors);
                Expr parameter = aggregation.parameter();
                if (parameter != null) {
                    collect(parameter, selectors);
                }
            }
            case Expr.Binary binary -> {
                collect(binary.left(), selectors);
                collect(binary.right(), selectors);
            }
            case Expr.Unary unary -> collect(unary.inner(), selectors);
            case Expr.Paren paren -> collect(paren.inner(), selectors);
        }
    }

    private static void write(JsonWriter json, ExemplarSeries series) throws IOException {
        json.beginObject()
                .name("seriesLabels")
                .labels(series.labels())
                .name("exemplars")
                .beginArray();
        for (Exemplar exemplar : series.exemplars()) {
            json.beginObject().name("labels").labels(exemplar.labels()).name("value");
            json.quotedNumber(exemplar.value());
            json.name("timestamp").timestamp(exemplar.timestampMs());
            json.endObject();
        }
        json.endArray().endObject();
    }
}
