// SPDX-License-Identifier: Apache-2.0
package dev.narthex.remote.write;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class SeriesReferencesTest {
    private static final int MANY = 100_000;

    private final SeriesReferences.Cursor cursor = new SeriesReferences.Cursor();

    @Test
    void remembersAllUpToItsLimit() {
        SeriesReferences references = new SeriesReferences(2 * MANY);
        fill(references, MANY);
        Random random = new Random(1);
        for (int i = 1; i <= MANY; i++) {
            assertThat(references.get(random.nextLong(), random.nextLong(), cursor))
                    .isEqualTo(i);
        }
        assertThat(references.get(random.nextLong(), random.nextLong(), cursor)).isEqualTo(SeriesReferences.UNKNOWN);
    }

    @Test
    void whatIsNotAskedForIsForgottenAndWhatIsStays() {
        SeriesReferences references = new SeriesReferences(1000);
        references.put(1, 1, 42, cursor);
        Random random = new Random(1);
        int known = 0;
        for (int i = 1; i <= MANY; i++) {
            references.put(random.nextLong(), random.nextLong(), i, cursor);
            assertThat(references.get(1, 1, cursor)).isEqualTo(42);
        }
        random = new Random(1);
        for (int i = 1; i <= MANY; i++) {
            known += references.get(random.nextLong(), random.nextLong(), cursor) == i ? 1 : 0;
        }
        assertThat(known).isLessThan(10_000);
    }

    @Test
    void findsWhatComesInAnotherOrderAndWhatWasChangedSince() {
        SeriesReferences references = new SeriesReferences(MANY);
        fill(references, 1000);
        long[][] hashes = new long[1000][2];
        Random random = new Random(1);
        for (long[] hash : hashes) {
            hash[0] = random.nextLong();
            hash[1] = random.nextLong();
        }
        for (int round = 0; round < 20; round++) {
            int step = round % 3 == 0 ? 1 : 7 + 2 * round;
            for (int i = 0, at = 0; i < hashes.length; i++, at = (at + step) % hashes.length) {
                long expected = at % 10 == 0 && round > 10 ? at + 5000 : at + 1;
                assertThat(references.get(hashes[at][0], hashes[at][1], cursor)).isEqualTo(expected);
                assertThat(references.get(hashes[at][1], hashes[at][0], cursor)).isEqualTo(SeriesReferences.UNKNOWN);
            }
            if (round == 10) {
                for (int at = 0; at < hashes.length; at += 10) {
                    references.put(hashes[at][0], hashes[at][1], at + 5000, new SeriesReferences.Cursor());
                }
            }
        }
    }

    @Test
    void threadsThatAddAndFindMeetNoReferenceOfAnother() throws Exception {
        SeriesReferences references = new SeriesReferences(1500);
        List<Callable<Integer>> tasks = new ArrayList<>();
        for (int thread = 0; thread < 4; thread++) {
            tasks.add(() -> {
                SeriesReferences.Cursor own = new SeriesReferences.Cursor();
                int wrong = 0;
                for (int round = 0; round < 30; round++) {
                    for (long i = 1; i <= 2000; i++) {
                        long high = i * 0x9E3779B97F4A7C15L;
                        long ref = references.get(high, ~high, own);
                        wrong += ref != i && ref != SeriesReferences.UNKNOWN ? 1 : 0;
                        if (ref == SeriesReferences.UNKNOWN) {
                            references.put(high, ~high, i, own);
                        }
                    }
                }
                return wrong;
            });
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (Future<Integer> wrong : threads.invokeAll(tasks)) {
                assertThat(wrong.get()).isZero();
            }
        }
    }

    private void fill(SeriesReferences references, int count) {
        Random random = new Random(1);
        for (int i = 1; i <= count; i++) {
            references.put(random.nextLong(), random.nextLong(), i, cursor);
        }
    }
}
