// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.narthex.promql.value.QueryException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

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

    @Test
    void noMoreRunThanTwoForEachProcessorHoweverManyAreAllowed() throws InterruptedException {
        int most = 2 * Runtime.getRuntime().availableProcessors();
        AtomicInteger running = new AtomicInteger();
        CountDownLatch open = new CountDownLatch(1);
        List<Integer> seen = new ArrayList<>();
        try (QueryWorkers workers = new QueryWorkers(most + 20)) {
            assertThat(workers.concurrency()).isEqualTo(most + 20);
            List<Thread> callers = new ArrayList<>();
            for (int i = 0; i < most + 10; i++) {
                callers.add(Thread.ofVirtual().start(() -> {
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
    void aQueryWhoseTimeIsOverIsInterrupted() {
        AtomicInteger running = new AtomicInteger();
        CountDownLatch never = new CountDownLatch(1);
        try (QueryWorkers workers = new QueryWorkers(1)) {
            assertThatThrownBy(() -> workers.evaluate(() -> held(running, never), Duration.ofMillis(50)))
                    .isInstanceOf(QueryException.class)
                    .hasMessage("query timed out in expression evaluation");
            await().until(() -> running.get() == 0);
        }
    }
}
