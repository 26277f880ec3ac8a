// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.query;

import dev.narthex.model.time.Ticker;
import dev.narthex.promql.value.QueryException;
import dev.narthex.promql.value.QueryResult;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Platform threads that evaluate queries, at most so many at a time and never more than two for each processor: queries
 * compute, and more threads would only take the processors away from scrapes. Further queries wait in the order they
 * came. A query whose caller is interrupted, or whose time is over, is interrupted itself, whether it runs or waits.
 */
public final class QueryWorkers implements AutoCloseable {
    private static final Duration IDLE = Duration.ofSeconds(30);

    private static final int THREADS_PER_PROCESSOR = 2;

    private final int concurrency;
    private final ThreadPoolExecutor threads;
    private final Ticker ticker;
    private final QueryObserver observer;

    /** Workers that nobody watches. */
    public QueryWorkers(int concurrency) {
        this(concurrency, () -> 0, QueryObserver.NONE);
    }

    /** @param concurrency queries at a time; fewer run where there are few processors */
    public QueryWorkers(int concurrency, Ticker ticker, QueryObserver observer) {
        this.concurrency = concurrency;
        this.ticker = ticker;
        this.observer = observer;
        int most = Math.min(
                concurrency, THREADS_PER_PROCESSOR * Runtime.getRuntime().availableProcessors());
        threads = new ThreadPoolExecutor(
                most,
                most,
                IDLE.toMillis(),
                TimeUnit.MILLISECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().name("query/", 0).daemon().factory());
        threads.allowCoreThreadTimeOut(true);
    }

    /**
     * Evaluates on one of the threads and waits for the outcome.
     *
     * @param timeout for waiting and evaluation together
     * @throws QueryException when the evaluation says so, or the time is over
     * @throws InterruptedException when the caller is interrupted; the evaluation then is too
     */
    public <T> T evaluate(Supplier<T> evaluation, Duration timeout) throws InterruptedException {
        Future<T> future;
        try {
            long submitted = ticker.nanos();
            future = threads.submit(() -> run(evaluation, submitted));
        } catch (RejectedExecutionException e) {
            throw new QueryException(QueryException.Kind.CANCELED, "query was canceled: the server stops", e);
        }
        try {
            return future.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new QueryException(QueryException.Kind.TIMEOUT, "query timed out in expression evaluation", e);
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException failure -> throw failure;
                case Error error -> throw error;
                case null, default -> throw new IllegalStateException("query: unexpected failure", e.getCause());
            }
        } finally {
            // Without effect on what has ended; what has not must not go on for nobody.
            if (!future.isDone()) {
                future.cancel(true);
                threads.remove((Runnable) future);
            }
        }
    }

    private <T> T run(Supplier<T> evaluation, long submittedNanos) {
        long startNanos = ticker.nanos();
        try {
            T result = evaluation.get();
            if (result instanceof QueryResult answer) {
                observer.loaded(answer.statistics().queryableSamples());
            }
            return result;
        } finally {
            observer.ran(startNanos - submittedNanos, ticker.nanos() - startNanos);
        }
    }

    /** Queries that run now. */
    public int active() {
        return threads.getActiveCount();
    }

    /** Queries at a time, as configured. */
    public int concurrency() {
        return concurrency;
    }

    /** Interrupts what runs and takes no more. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
