// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.narthex.promql.value.QueryException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueryWorkersTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    /** A query that runs until the latch is open. */
    private static int held(AtomicInteger running, CountDownLatch open) {
        int now = running.incrementAndGet();
        try {
            open.await();
        } catch (InterruptedException e) {
            throw new QueryException(QueryException.Kind.CANCELED, "interrupted", e);
        } finally {
            running.decrementAndGet();
        }
        return now;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void noMoreRunThanTwoForEachProcessorHoweverManyAreAllowed(boolean virtual) throws InterruptedException {
        int most = 2 * Runtime.getRuntime().availableProcessors();
        AtomicInteger running = new AtomicInteger();
        CountDownLatch open = new CountDownLatch(1);
        List<Integer> seen = new ArrayList<>();
        try (QueryWorkers workers = new QueryWorkers(most + 20)) {
            assertThat(workers.concurrency()).isEqualTo(most + 20);
            List<Thread> callers = new ArrayList<>();
            for (int i = 0; i < most + 10; i++) {
                callers.add((virtual ? Thread.ofVirtual() : Thread.ofPlatform()).start(() -> {
                    try {
                        int now = workers.evaluate(() -> held(running, open), LONG);
                        synchronized (seen) {
                            seen.add(now);
                        }
                    } catch (InterruptedException _) {
                        Thread.currentThread().interrupt();
                    }
                }));
            }
            await().until(() -> running.get() == most);
            open.countDown();
            for (Thread caller : callers) {
                caller.join();
            }
        }
        assertThat(seen).hasSize(most + 10).allMatch(now -> now <= most);
    }

    @Test
    void aPlatformThreadEvaluatesItsQueryItselfAndAVirtualOneDoesNot() throws InterruptedException {
        try (QueryWorkers workers = new QueryWorkers(1)) {
            assertThat(workers.<Thread>evaluate(Thread::currentThread, LONG)).isSameAs(Thread.currentThread());
            AtomicReference<Thread> evaluated = new AtomicReference<>(Thread.currentThread());
            Thread.ofVirtual()
                    .start(() -> {
                        try {
                            evaluated.set(workers.evaluate(Thread::currentThread, LONG));
                        } catch (InterruptedException _) {
                            Thread.currentThread().interrupt();
                        }
                    })
                    .join();
            assertThat(evaluated.get()).isNotSameAs(Thread.currentThread()).returns(false, Thread::isVirtual);
        }
    }

    @Test
    void aQueryThatWaitsTooLongForItsTurnSaysSo() throws InterruptedException {
        AtomicInteger running = new AtomicInteger();
        CountDownLatch open = new CountDownLatch(1);
        try (QueryWorkers workers = new QueryWorkers(1)) {
            Thread first = Thread.ofPlatform().start(() -> {
                try {
                    int _ = workers.evaluate(() -> held(running, open), LONG);
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                }
            });
            await().until(() -> running.get() == 1);
            assertThat(workers.active()).isEqualTo(1);
            assertThatThrownBy(() -> workers.evaluate(() -> 1, Duration.ofMillis(10)))
                    .isInstanceOf(QueryException.class)
                    .hasMessage("query timed out in query queue: all threads were busy for 0.01 s");
            open.countDown();
            first.join();
            assertThat(workers.evaluate(() -> 1, LONG)).isEqualTo(1);
        }
    }

    @Test
    void aStopCancelsWhatRuns() throws InterruptedException {
        AtomicInteger running = new AtomicInteger();
        AtomicReference<QueryException> failure = new AtomicReference<>();
        QueryWorkers workers = new QueryWorkers(1);
        Thread query = Thread.ofPlatform().start(() -> {
            try {
                int _ = workers.evaluate(() -> held(running, new CountDownLatch(1)), LONG);
            } catch (QueryException e) {
                failure.set(e);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
        await().until(() -> running.get() == 1);
        workers.close();
        query.join();
        assertThat(failure.get()).hasMessage("query was canceled: the server stops");
    }

    @Test
    void aStopCancelsWhatWaitsForAVirtualThread() throws InterruptedException {
        AtomicInteger running = new AtomicInteger();
        List<String> failures = new CopyOnWriteArrayList<>();
        QueryWorkers workers = new QueryWorkers(1);
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            callers.add(Thread.ofVirtual().start(() -> {
                try {
                    int _ = workers.evaluate(() -> held(running, new CountDownLatch(1)), LONG);
                } catch (QueryException e) {
                    failures.add(String.valueOf(e.getMessage()));
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                }
            }));
        }
        await().until(() -> running.get() == 1 && workers.waiting() == 3);
        workers.close();
        for (Thread caller : callers) {
            caller.join();
        }
        String stops = "query was canceled: the server stops";
        assertThat(failures).containsExactlyInAnyOrder("interrupted", stops, stops, stops);
    }

    @Test
    void aQueryWhoseTimeIsOverIsInterrupted() {
        AtomicInteger running = new AtomicInteger();
        CountDownLatch never = new CountDownLatch(1);
        try (QueryWorkers workers = new QueryWorkers(1)) {
            assertThatThrownBy(() -> workers.evaluate(() -> held(running, never), Duration.ofMillis(50)))
                    .isInstanceOf(QueryException.class)
                    .hasMessage("query timed out in expression evaluation: it took longer than 0.05 s");
            await().until(() -> running.get() == 0);
        }
    }
}
