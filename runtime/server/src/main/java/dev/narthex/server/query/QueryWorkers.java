// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.query;

import dev.narthex.model.time.Ticker;
import dev.narthex.promql.value.QueryException;
import dev.narthex.promql.value.QueryResult;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets queries compute on platform threads, at most so many at a time and never more than two for each processor: more
 * would only take the processors away from scrapes. Further queries wait in the order they came.
 *
 * <p>A platform thread that asks evaluates its query itself, since a change of threads costs more than many a query. For a
 * virtual thread one of the workers does it: a query would keep its carrier from everything else that waits for one. A
 * query whose caller is interrupted, or whose time is over, is interrupted itself, whether it runs or waits.
 */
public final class QueryWorkers implements AutoCloseable {
    private static final Duration IDLE = Duration.ofSeconds(30);

    private static final int THREADS_PER_PROCESSOR = 2;

    private final int concurrency;
    private final int most;
    private final Semaphore turns;
    private final Deadlines deadlines;
    private final ThreadPoolExecutor threads;
    private final Ticker ticker;
    private final QueryObserver observer;
    private final ReadMemory readMemory;

    /** Workers that nobody watches. */
    public QueryWorkers(int concurrency) {
        this(concurrency, Ticker.system(), QueryObserver.NONE);
    }

    /** Workers whose answers may hold what they like. */
    public QueryWorkers(int concurrency, Ticker ticker, QueryObserver observer) {
        this(concurrency, ticker, observer, ReadMemory.unlimited());
    }

    /**
     * Makes workers.
     *
     * @param concurrency queries at a time; fewer run where there are few processors
     * @param readMemory what answers may hold that are no queries
     */
    public QueryWorkers(int concurrency, Ticker ticker, QueryObserver observer, ReadMemory readMemory) {
        this.readMemory = readMemory;
        this.concurrency = concurrency;
        this.ticker = ticker;
        this.observer = observer;
        most = Math.min(
                concurrency, THREADS_PER_PROCESSOR * Runtime.getRuntime().availableProcessors());
        turns = new Semaphore(most, true);
        deadlines = new Deadlines(ticker);
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
     * Evaluates, and waits for the outcome.
     *
     * @param timeout for waiting and evaluation together
     * @throws QueryException when the evaluation says so, or the time is over
     * @throws InterruptedException when the caller is interrupted while it waits; a virtual thread's evaluation then is
     *     too. A caller that evaluates itself has the interrupt in its evaluation.
     */
    public <T> T evaluate(Supplier<T> evaluation, Duration timeout) throws InterruptedException {
        return evaluate(evaluation, timeout, timings());
    }

    /**
     * As {@link #evaluate(Supplier, Duration)}.
     *
     * @param timings are told how long it takes, whatever comes of it
     */
    public <T> T evaluate(Supplier<T> evaluation, Duration timeout, QueryTimings timings) throws InterruptedException {
        return Thread.currentThread().isVirtual()
                ? byWorker(evaluation, timeout, timings)
                : here(evaluation, timeout, timings);
    }

    /** What answers hold that are no queries. */
    public ReadMemory readMemory() {
        return readMemory;
    }

    /** Those of a query that is submitted now. */
    public QueryTimings timings() {
        return new QueryTimings(ticker);
    }

    private <T> T here(Supplier<T> evaluation, Duration timeout, QueryTimings timings) throws InterruptedException {
        // The one that takes a time is the one that is fair.
        if (!turns.tryAcquire(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
            throw timedOut(false, timeout, null);
        }
        try {
            return watched(evaluation, timeout, timings);
        } finally {
            turns.release();
        }
    }

    private <T> T watched(Supplier<T> evaluation, Duration timeout, QueryTimings timings) {
        Deadlines.Watch watch = deadlines.begin(timings.submittedNanos() + timeout.toNanos());
        if (watch == null) {
            throw stopped(null);
        }
        T result;
        try {
            result = run(evaluation, timings);
        } catch (RuntimeException | Error e) {
            end(watch, timeout, e);
            throw e;
        }
        end(watch, timeout, null);
        return result;
    }

    /** Ends a watch; throws where the query was interrupted from here, whatever it made of that. */
    private void end(Deadlines.Watch watch, Duration timeout, @Nullable Throwable failure) {
        Deadlines.Reason interruptedFor = deadlines.end(watch);
        if (interruptedFor != null) {
            boolean _ = Thread.interrupted(); // meant for the query, which has ended
            throw interruptedFor == Deadlines.Reason.STOP ? stopped(failure) : timedOut(true, timeout, failure);
        }
    }

    private <T> T byWorker(Supplier<T> evaluation, Duration timeout, QueryTimings timings) throws InterruptedException {
        Future<T> future;
        try {
            future = threads.submit(() -> inTurn(evaluation, timings));
        } catch (RejectedExecutionException e) {
            throw stopped(e);
        }
        try {
            return future.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (CancellationException e) {
            throw stopped(e); // it stood in the queue when this was closed
        } catch (TimeoutException e) {
            throw timedOut(timings.isBegun(), timeout, e);
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

    private <T> T inTurn(Supplier<T> evaluation, QueryTimings timings) {
        try {
            turns.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw stopped(e); // seen by nobody where the caller has gone
        }
        try {
            return run(evaluation, timings);
        } finally {
            turns.release();
        }
    }

    private <T> T run(Supplier<T> evaluation, QueryTimings timings) {
        timings.begin();
        try {
            T result = evaluation.get();
            if (result instanceof QueryResult answer) {
                observer.loaded(
                        answer.statistics().queryableSamples(),
                        answer.statistics().samplesRead());
            }
            return result;
        } finally {
            timings.end();
            observer.ran(timings.queueNanos(), timings.runNanos());
        }
    }

    private static QueryException timedOut(boolean begun, Duration timeout, @Nullable Throwable cause) {
        String seconds = timeout.toMillis() / 1000.0 + " s";
        return failure(
                QueryException.Kind.TIMEOUT,
                begun
                        ? "query timed out in expression evaluation: it took longer than " + seconds
                        : "query timed out in query queue: all threads were busy for " + seconds,
                cause);
    }

    private static QueryException stopped(@Nullable Throwable cause) {
        return failure(QueryException.Kind.CANCELED, "query was canceled: the server stops", cause);
    }

    private static QueryException failure(QueryException.Kind kind, String message, @Nullable Throwable cause) {
        return cause == null ? new QueryException(kind, message) : new QueryException(kind, message, cause);
    }

    /** Queries that run now, or wait for their turn. */
    public int active() {
        return most - turns.availablePermits() + turns.getQueueLength();
    }

    /** Queries that wait for their turn. */
    public int waiting() {
        return turns.getQueueLength() + threads.getQueue().size();
    }

    /** Queries at a time, as configured. */
    public int concurrency() {
        return concurrency;
    }

    /** Interrupts what runs and takes no more. */
    @Override
    public void close() {
        deadlines.close();
        for (Runnable waiting : threads.shutdownNow()) {
            ((Future<?>) waiting).cancel(true);
        }
    }
}
