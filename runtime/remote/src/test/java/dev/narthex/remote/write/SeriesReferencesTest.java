// SPDX-License-Identifier: Apache-2.0
package dev.narthex.remote.write;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class SeriesReferencesTest {
    private static final int MANY = 100_000;

    @Test
    void remembersAllUpToItsLimit() {
        SeriesReferences references = new SeriesReferences(2 * MANY);
        fill(references, MANY);
        Random random = new Random(1);
        for (int i = 1; i <= MANY; i++) {
            assertThat(references.get(random.nextLong(), random.nextLong())).isEqualTo(i);
        }
        assertThat(references.get(random.nextLong(), random.nextLong())).isEqualTo(SeriesReferences.UNKNOWN);
    }

    @Test
    void whatIsNotAskedForIsForgottenAndWhatIsStays() {
        SeriesReferences references = new SeriesReferences(1000);
        references.put(1, 1, 42);
        Random random = new Random(1);
        int known = 0;
        for (int i = 1; i <= MANY; i++) {
            references.put(random.nextLong(), random.nextLong(), i);
            assertThat(references.get(1, 1)).isEqualTo(42);
        }
        random = new Random(1);
        for (int i = 1; i <= MANY; i++) {
            known += references.get(random.nextLong(), random.nextLong()) == i ? 1 : 0;
        }
        assertThat(known).isLessThan(10_000);
    }

    private static void fill(SeriesReferences references, int count) {
        Random random = new Random(1);
        for (int i = 1; i <= count; i++) {
            references.put(random.nextLong(), random.nextLong(), i);
        }
    }
}
