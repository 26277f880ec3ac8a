// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narthex.memory.MemoryAccount;
import dev.narthex.testkit.random.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LabelPairsTest {
    private final MemoryAccount memory = new MemoryAccount(Long.MAX_VALUE);
    private final LabelPairs pairs = new LabelPairs(memory.tag("pairs"), memory.tag("postings"));
    private final Readers readers = new Readers();
    private final List<Integer> freed = new ArrayList<>();
    private final DeferredFrees frees = new DeferredFrees(readers, memory.tag("frees"), (kind, ref) -> {
        freed.add(ref);
        pairs.freeBlock(ref);
    });

    private List<Long> refs(int pair) {
        long[] into = new long[pairs.count(pair) + 3];
        int end = pairs.copyRefs(pair, into, 3, Integer.MAX_VALUE);
        List<Long> refs = new ArrayList<>();
        for (int i = 3; i < end; i++) {
            refs.add(into[i]);
        }
        return refs;
    }

    @Test
    void listsComeBackWhateverTheirLengthAndDistances() {
        Random random = Seed.of(LabelPairsTest.class).random();
        for (int run = 0; run < 60; run++) {
            int pair = pairs.create(run + 1, 1);
            List<Long> expected = new ArrayList<>();
            long ref = 0;
            for (int i = random.nextInt(run < 50 ? 40 : 20_000); i >= 0; i--) {
                ref += 1 + (random.nextInt(4) == 0 ? random.nextLong(1L << random.nextInt(1, 24)) : 0);
                pairs.add(pair, ref);
                expected.add(ref);
            }
            assertThat(refs(pair)).isEqualTo(expected);
            assertThat(pairs.count(pair)).isEqualTo(expected.size());
        }
    }

    @Test
    void refusesWhatDoesNotAscend() {
        int pair = pairs.create(1, 1);
        pairs.add(pair, 7);
        assertThatThrownBy(() -> pairs.add(pair, 7)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aRemovalLeavesTheOldBlocksToThoseWhoRead() {
        int pair = pairs.create(1, 1);
        for (long ref = 1; ref <= 1000; ref++) {
            pairs.add(pair, ref);
        }
        int reader = readers.enter(0);
        pairs.retain(pair, new long[] {5, 700}, 2, frees, 0);
        frees.drain();
        assertThat(freed).isEmpty();
        assertThat(refs(pair)).containsExactly(5L, 700L);
        pairs.add(pair, 1001);
        assertThat(refs(pair)).containsExactly(5L, 700L, 1001L);

        readers.leave(reader);
        frees.drain();
        assertThat(freed).isNotEmpty();
        pairs.retain(pair, new long[] {9}, 1, frees, 0);
        assertThat(refs(pair)).containsExactly(9L);
        pairs.add(pair, 10);
        assertThat(refs(pair)).containsExactly(9L, 10L);
    }
}
