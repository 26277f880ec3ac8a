// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narthex.memory.MemoryAccount;
import dev.narthex.testkit.random.Seed;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class IdTableTest {
    private final MemoryAccount memory = new MemoryAccount(Long.MAX_VALUE);
    private final MemoryAccount.Tag tag = memory.tag("table");
    private final IdTable table = new IdTable(tag);

    private Set<Integer> found(int hash) {
        Set<Integer> ids = new TreeSet<>();
        for (int place = table.next(table.place(hash), hash);
                table.at(place) != 0;
                place = table.next(table.after(place), hash)) {
            ids.add(table.at(place));
        }
        return ids;
    }

    @Test
    void recordsOfAHashAreFoundAndNoOthersWhateverComesAndGoes() {
        Random random = Seed.of(IdTableTest.class).random();
        Map<Integer, Integer> hashes = new TreeMap<>();
        Map<Integer, Set<Integer>> expected = new TreeMap<>();
        for (int step = 0; step < 20_000; step++) {
            int id = random.nextInt(1, 2_000);
            Integer known = hashes.remove(id);
            if (known != null) {
                table.remove(id, known);
                expected.getOrDefault(known, Set.of()).remove(id);
            } else {
                int hash = random.nextInt(-300, 300) << (random.nextInt(3) * 8);
                table.add(id, hash);
                hashes.put(id, hash);
                expected.computeIfAbsent(hash, _ -> new TreeSet<>()).add(id);
            }
            int asked = random.nextInt(-300, 300) << (random.nextInt(3) * 8);
            assertThat(found(asked)).isEqualTo(expected.getOrDefault(asked, Set.of()));
            assertThat(table.size()).isEqualTo(hashes.size());
        }
        expected.forEach((hash, ids) -> assertThat(found(hash)).isEqualTo(ids));
    }

    @Test
    void aRecordThatIsNotThereCannotBeTakenOut() {
        table.add(1, 7);
        assertThatThrownBy(() -> table.remove(2, 7)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void memoryIsAccountedForAndGivenBack() {
        for (int id = 1; id <= 1_000; id++) {
            table.add(id, id);
        }
        assertThat(tag.bytes()).isEqualTo(8L * 2048);
        table.clear();
        assertThat(tag.bytes()).isZero();
        assertThat(found(1)).isEmpty();
    }
}
