// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.memory.MemoryAccount;
import dev.narthex.model.Exemplar;
import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.model.MatchOp;
import dev.narthex.storage.AppendResult;
import dev.narthex.storage.ExemplarSeries;
import dev.narthex.testkit.random.Seed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ExemplarRingTest {
    private static final List<List<LabelMatcher>> ALL =
            List.of(List.of(LabelMatcher.of(MatchOp.REGEX, "__name__", ".+")));

    private record Kept(int series, Exemplar exemplar) {}

    @Test
    void theNewestAreKept() {
        Random random = Seed.of(ExemplarRingTest.class).random();
        for (int round = 0; round < 20; round++) {
            MemoryAccount account = new MemoryAccount(Long.MAX_VALUE);
            int capacity = 1 + random.nextInt(30);
            ExemplarRing ring = new ExemplarRing(account, capacity);
            List<Kept> kept = new ArrayList<>();
            long steady = 0;
            for (int i = 0; i < 400; i++) {
                int series = 1 + random.nextInt(12);
                Exemplar exemplar = new Exemplar(Labels.of("trace_id", "t" + random.nextInt(5)), i, i);
                assertThat(ring.check(series, exemplar)).isEqualTo(AppendResult.ACCEPTED);
                ring.append(series, () -> Labels.of("__name__", "s" + series), exemplar);
                kept.add(new Kept(series, exemplar));
                if (kept.size() > capacity) {
                    kept.removeFirst();
                }
                Map<String, List<Exemplar>> expected = new HashMap<>();
                kept.forEach(k -> expected.computeIfAbsent("s" + k.series, _ -> new ArrayList<>())
                        .add(k.exemplar));
                Map<String, List<Exemplar>> found = new HashMap<>();
                for (ExemplarSeries of : ring.exemplars(Long.MIN_VALUE, Long.MAX_VALUE, ALL)) {
                    found.put(of.labels().metricName(), of.exemplars());
                }
                assertThat(found).isEqualTo(expected);
                assertThat(ring.stats().exemplars()).isEqualTo(kept.size());
                assertThat(ring.stats().series()).isEqualTo(expected.size());
                if (i == 100) {
                    steady = account.bytes();
                }
            }
            assertThat(account.bytes()).isLessThan(steady + 300_000);
            ring.clear();
            assertThat(account.bytes()).isZero();
        }
    }

    @Test
    void withoutRoomNothingIsTaken() {
        ExemplarRing ring = new ExemplarRing(new MemoryAccount(Long.MAX_VALUE), 0);
        assertThat(ring.check(1, new Exemplar(Labels.EMPTY, 1, 1))).isEqualTo(AppendResult.EXEMPLARS_DISABLED);
    }

    @Test
    void aTableIsWhatAMapIs() {
        Random random = Seed.of(ExemplarRingTest.class).random();
        LongIntTable table = new LongIntTable(new MemoryAccount(Long.MAX_VALUE).tag("test"));
        Map<Long, Integer> map = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            long key = 1 + random.nextInt(300) * (random.nextBoolean() ? 1L : 1L << 20);
            if (random.nextInt(3) == 0) {
                Integer removed = map.remove(key);
                assertThat(table.remove(key)).isEqualTo(removed == null ? 0 : removed);
            } else {
                table.put(key, i + 1);
                map.put(key, i + 1);
            }
            assertThat(table.get(key)).isEqualTo(map.getOrDefault(key, 0));
            assertThat(table.size()).isEqualTo(map.size());
        }
        map.forEach((key, value) -> assertThat(table.get(key)).isEqualTo(value));
    }
}
