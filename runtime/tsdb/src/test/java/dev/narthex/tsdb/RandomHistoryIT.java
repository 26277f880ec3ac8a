// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import dev.narthex.testkit.random.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Thousands of random lives of a TSDB: {@code -Dtest.histories=100000} for more of them. */
@ExtendWith(QuietLog.class)
class RandomHistoryIT {
    private static final int HISTORIES = Integer.getInteger("test.histories", 300);
    private static final int THREADS = 2;

    @Test
    void theModelAgreesOnEveryRead() throws InterruptedException, ExecutionException {
        Seed seed = Seed.of(RandomHistoryIT.class);
        try (ExecutorService pool = Executors.newFixedThreadPool(THREADS)) {
            List<Future<RandomHistoryTest.Lives>> parts = new ArrayList<>();
            for (int part = 0; part < THREADS; part++) {
                int from = (int) ((long) HISTORIES * part / THREADS);
                int to = (int) ((long) HISTORIES * (part + 1) / THREADS);
                parts.add(pool.submit(() -> new RandomHistoryTest.Lives(seed).live(from, to)));
            }
            for (Future<RandomHistoryTest.Lives> part : parts) {
                part.get().assertMuchHappened();
            }
        }
    }
}
