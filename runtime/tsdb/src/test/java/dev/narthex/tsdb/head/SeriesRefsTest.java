// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.memory.MemoryAccount;
import dev.narthex.testkit.random.Seed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SeriesRefsTest {
    private final MemoryAccount memory = new MemoryAccount(Long.MAX_VALUE);
    private final SeriesRefs refs = new SeriesRefs(memory.tag("refs"));

    @Test
    void findsWhatIsThereUnderChurn() {
        Random random = Seed.of(SeriesRefsTest.class).random();
        Map<Long, Integer> expected = new HashMap<>();
        List<Long> live = new ArrayList<>();
        long next = 1;
        for (int step = 0; step < 60_000; step++) {
            if (live.isEmpty() || random.nextInt(10) < 6) {
                next += random.nextInt(50) == 0 ? random.nextLong(1L << 22) : 1;
                int record = 1 + random.nextInt(1 << 27);
                refs.put(next, record);
                expected.put(next, record);
                live.add(next);
            } else {
                int at = random.nextInt(live.size());
                long gone = live.get(at);
                live.set(at, live.getLast());
                live.removeLast();
                refs.remove(gone);
                expected.remove(gone);
                assertThat(refs.record(gone)).isZero();
            }
        }
        assertThat(refs.size()).isEqualTo(expected.size());
        for (long ref : live) {
            assertThat(refs.record(ref)).isEqualTo(Objects.requireNonNull(expected.get(ref)));
            assertThat(refs.record(ref + (1L << 35))).isZero();
        }
        long[] sorted = refs.sortedEntries();
        assertThat(sorted).hasSize(live.size()).isSorted();
        for (long entry : sorted) {
            assertThat(SeriesRefs.recordOf(entry)).isEqualTo(expected.get(SeriesRefs.refOf(entry)));
        }
    }

    @Test
    void strangeReferencesAreUnknown() {
        refs.put(1, 1);
        for (long ref : new long[] {0, -1, Long.MIN_VALUE, Long.MAX_VALUE, SeriesRefs.MAX_REF, 2}) {
            assertThat(refs.record(ref)).isZero();
        }
    }
}
