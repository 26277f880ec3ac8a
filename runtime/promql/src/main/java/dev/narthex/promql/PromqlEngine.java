// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql;

import dev.narthex.model.time.Ticker;
import dev.narthex.promql.engine.Evaluation;
import dev.narthex.promql.engine.EvaluationRequest;
import dev.narthex.promql.syntax.Expr;
import dev.narthex.promql.syntax.PromqlParseException;
import dev.narthex.promql.syntax.PromqlParser;
import dev.narthex.promql.value.QueryException;
import dev.narthex.promql.value.QueryResult;
import dev.narthex.storage.Queryable;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Answers PromQL queries. Safe for use by many threads: a query is evaluated in the thread that asks, of which a bounded
 * number run at a time; the others wait. Interrupting the thread cancels its query.
 */
public final class PromqlEngine implements AutoCloseable {
    private final PromqlEngineConfig config;
    private final Ticker ticker;
    private final Semaphore turns;
    private volatile boolean closed;

    public PromqlEngine(PromqlEngineConfig config, Ticker ticker) {
        this.config = config;
        this.ticker = ticker;
        this.turns = new Semaphore(config.maxConcurrency(), true);
    }

    public PromqlEngineConfig config() {
        return config;
    }

    /**
     * Parses and checks a query without evaluating it.
     *
     * @throws PromqlParseException when it is not valid, or uses what is not enabled or not supported
     */
    public Expr parse(String query) {
        return PromqlParser.parse(query, config.features());
    }

    /**
     * Parses and checks a query that is to be evaluated many times.
     *
     * @throws PromqlParseException when it is not valid, or uses what is not enabled or not supported
     */
    public PreparedQuery prepare(String query) {
        return new PreparedQuery(query, parse(query));
    }

    /**
     * Evaluates a query at a moment.
     *
     * @param timestampMs milliseconds since 1970
     * @throws PromqlParseException when the query is not valid
     * @throws QueryException when it cannot be answered
     */
    public QueryResult instant(Queryable queryable, String query, long timestampMs) {
        return instant(queryable, query, timestampMs, QueryOptions.NONE);
    }

    /** As {@link #instant(Queryable, String, long)}, with options of the query's own. */
    public QueryResult instant(Queryable queryable, String query, long timestampMs, QueryOptions options) {
        return instant(queryable, prepare(query), timestampMs, options);
    }

    /** Evaluates a query that was parsed before, such as that of a rule, at a moment. */
    public QueryResult instant(Queryable queryable, PreparedQuery query, long timestampMs) {
        return instant(queryable, query, timestampMs, QueryOptions.NONE);
    }

    /** As {@link #instant(Queryable, PreparedQuery, long)}, with options of the query's own. */
    public QueryResult instant(Queryable queryable, PreparedQuery query, long timestampMs, QueryOptions options) {
        return evaluate(queryable, query, true, timestampMs, timestampMs, 1, options);
    }

    /**
     * Evaluates a query at the steps of a range.
     *
     * @param startMs the first step, milliseconds since 1970
     * @param endMs the end of the range, inclusive
     * @param stepMs the distance of two steps, greater than 0
     * @throws PromqlParseException when the query is not valid
     * @throws QueryException when it cannot be answered
     */
    public QueryResult range(Queryable queryable, String query, long startMs, long endMs, long stepMs) {
        return range(queryable, query, startMs, endMs, stepMs, QueryOptions.NONE);
    }

    /** As {@link #range(Queryable, String, long, long, long)}, with options of the query's own. */
    public QueryResult range(
            Queryable queryable, String query, long startMs, long endMs, long stepMs, QueryOptions options) {
        return range(queryable, prepare(query), startMs, endMs, stepMs, options);
    }

    /** Evaluates a query that was parsed before at the steps of a range. */
    public QueryResult range(
            Queryable queryable, PreparedQuery query, long startMs, long endMs, long stepMs, QueryOptions options) {
        if (stepMs <= 0) {
            throw new QueryException(
                    QueryException.Kind.BAD_QUERY,
                    "range query: the step must be greater than 0, found " + stepMs + " ms");
        }
        if (endMs < startMs) {
            throw new QueryException(
                    QueryException.Kind.BAD_QUERY, "range query: the end " + endMs + " is before the start " + startMs);
        }
        if ((endMs - startMs) / stepMs >= Math.min(config.maxSamples(), Integer.MAX_VALUE)) {
            throw QueryException.execution("range query: too many steps, found " + ((endMs - startMs) / stepMs + 1)
                    + "; at most " + config.maxSamples() + ", the limit of samples");
        }
        return evaluate(queryable, query, false, startMs, endMs, stepMs, options);
    }

    private QueryResult evaluate(
            Queryable queryable,
            PreparedQuery query,
            boolean instant,
            long startMs,
            long endMs,
            long stepMs,
            QueryOptions options) {
        EvaluationRequest request = request(query.text(), instant, startMs, endMs, stepMs, options);
        long queuedNanos = ticker.nanos();
        awaitTurn(request.timeout());
        try {
            return Evaluation.run(queryable, query.expr(), request, ticker, ticker.nanos() - queuedNanos);
        } finally {
            turns.release();
        }
    }

    private EvaluationRequest request(
            String query, boolean instant, long startMs, long endMs, long stepMs, QueryOptions options) {
        Duration lookback = options.lookbackDelta() == null ? config.lookbackDelta() : options.lookbackDelta();
        Duration timeout = options.timeout() == null || options.timeout().compareTo(config.timeout()) > 0
                ? config.timeout()
                : options.timeout();
        return new EvaluationRequest(
                query,
                instant,
                startMs,
                endMs,
                stepMs,
                lookback.toMillis(),
                config.defaultResolution().toMillis(),
                config.maxSamples(),
                config.maxBytes(),
                config.memory(),
                timeout,
                config.features());
    }

    private void awaitTurn(Duration timeout) {
        if (closed) {
            throw new QueryException(QueryException.Kind.CANCELED, "query engine is closed");
        }
        try {
            if (!turns.tryAcquire(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new QueryException(
                        QueryException.Kind.TIMEOUT,
                        "query timed out in query queue: " + config.maxConcurrency() + " queries ran for "
                                + timeout.toMillis() / 1000.0 + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new QueryException(QueryException.Kind.CANCELED, "query was canceled in query queue", e);
        }
    }

    /** Refuses further queries; those that run go on. */
    @Override
    public void close() {
        closed = true;
    }
}
