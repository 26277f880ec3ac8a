// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.query;

import dev.narthex.model.Labels;
import dev.narthex.promql.PreparedQuery;
import dev.narthex.promql.PromqlEngine;
import dev.narthex.promql.syntax.PromqlParseException;
import dev.narthex.promql.syntax.PromqlPrinter;
import dev.narthex.promql.value.QueryException;
import dev.narthex.promql.value.QueryResult;
import dev.narthex.promql.value.Value;
import dev.narthex.rules.QueryFunction;
import dev.narthex.storage.Queryable;
import java.util.List;
import java.util.function.Supplier;

/** Evaluates the expressions of rules on the query workers. An expression is parsed once and kept while it is used. */
public final class RuleQueries implements QueryFunction {
    private static final int MAX_KEPT = 16_384;

    private final Supplier<PromqlEngine> engine;
    private final Queryable storage;
    private final QueryWorkers workers;
    private final QueryLog log;
    private final PreparedQueries prepared;

    /** @param log is told of each query of a group */
    public RuleQueries(Supplier<PromqlEngine> engine, Queryable storage, QueryWorkers workers, QueryLog log) {
        this.log = log;
        this.prepared = new PreparedQueries(engine, MAX_KEPT, Integer.MAX_VALUE);
        this.engine = engine;
        this.storage = storage;
        this.workers = workers;
    }

    @Override
    public List<Sample> query(String expr, long timestampMs) {
        return query(expr, timestampMs, new QueryOrigin.Rule("", ""));
    }

    @Override
    public QueryFunction ofGroup(String file, String group) {
        QueryOrigin origin = new QueryOrigin.Rule(file, group);
        return new QueryFunction() {
            @Override
            public List<Sample> query(String expr, long timestampMs) {
                return RuleQueries.this.query(expr, timestampMs, origin);
            }

            @Override
            public String normalize(String expr) {
                return RuleQueries.this.normalize(expr);
            }
        };
    }

    private List<Sample> query(String expr, long timestampMs, QueryOrigin origin) {
        try {
            PreparedQuery query = prepared.get(expr);
            QueryTimings timings = workers.timings();
            QueryResult result = log.logged(
                    AskedQuery.instant(expr, timestampMs, origin),
                    timings,
                    () -> workers.evaluate(
                            () -> engine.get().instant(storage, query, timestampMs),
                            engine.get().config().timeout(),
                            timings));
            return switch (result.value()) {
                case Value.Vector vector ->
                    vector.samples().stream()
                            .map(sample -> new Sample(
                                    sample.labels(),
                                    sample.histogram() == null ? sample.value() : 0,
                                    sample.histogram()))
                            .toList();
                case Value.Scalar scalar -> List.of(new Sample(Labels.EMPTY, scalar.value()));
                case Value.Matrix _, Value.Text _ ->
                    throw new IllegalArgumentException("rule result is not a vector or scalar");
            };
        } catch (PromqlParseException e) {
            // What a template asks in vain stands in the alert, in Prometheus' words.
            throw new IllegalArgumentException(e.words(), e);
        } catch (QueryException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalArgumentException("query was canceled: the server stops", e);
        }
    }

    @Override
    public String normalize(String expr) {
        try {
            return PromqlPrinter.print(engine.get().parse(expr));
        } catch (PromqlParseException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }
}
