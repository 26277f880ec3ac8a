// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import dev.narthex.testkit.random.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Ten thousand random lives of a TSDB, always the same ones, for a fault in a fresh one would stop whoever comes by: fresh
 * ones are in {@link RandomHistoryTest}, and here as many as {@code -Dtest.histories=100000} says.
 */
@ExtendWith(QuietLog.class)
class RandomHistoryIT {
    private static final int SAME = 10_000;
    /** The lives of this seed were seen to agree with the model. */
    private static final long SAME_SEED = 4;

    private static final int FRESH = Integer.getInteger("test.histories", 0);
    private static final int THREADS = 2;
    private static final int PART = 250;

    @Test
    void theModelAgreesOnEveryRead() throws InterruptedException, ExecutionException {
        live(new Seed(SAME_SEED), SAME);
    }

    @Test
    void theModelAgreesOnEveryReadOfFreshHistories() throws InterruptedException, ExecutionException {
        Assumptions.assumeTrue(FRESH > 0, "fresh histories by -Dtest.histories=100000");
        live(Seed.of(RandomHistoryIT.class), FRESH);
    }

    private static void live(Seed seed, int histories) throws InterruptedException, ExecutionException {
        try (ExecutorService pool = Executors.newFixedThreadPool(THREADS)) {
            List<Future<RandomHistoryTest.Lives>> parts = new ArrayList<>();
            for (int from = 0; from < histories; from += PART) {
                int first = from;
                int end = Math.min(histories, from + PART);
                parts.add(pool.submit(() -> new RandomHistoryTest.Lives(seed).live(first, end)));
            }
            for (Future<RandomHistoryTest.Lives> part : parts) {
                part.get().assertMuchHappened();
            }
        }
    }
}
