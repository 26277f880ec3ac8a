// SPDX-License-Identifier: Apache-2.0
package dev.narthex.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReferenceSortTest {
    private final Random random = new Random(7);

    @ParameterizedTest
    @ValueSource(
            ints = {
                0,
                1,
                2,
                1000,
                ReferenceSort.PIECE,
                ReferenceSort.PIECE + 1,
                2 * ReferenceSort.PIECE,
                3 * ReferenceSort.PIECE - 1,
                5 * ReferenceSort.PIECE + 77
            })
    void sortsAsManyAsItIsTold(int count) {
        int[] ints = random.ints(count + 3).toArray();
        long[] longs = random.longs(count + 3).toArray();
        int[] sortedInts = ints.clone();
        long[] sortedLongs = longs.clone();
        Arrays.sort(sortedInts, 0, count);
        Arrays.sort(sortedLongs, 0, count);

        ReferenceSort.sort(ints, count);
        ReferenceSort.sort(longs, count);

        assertThat(ints).isEqualTo(sortedInts);
        assertThat(longs).isEqualTo(sortedLongs);
    }

    @Test
    void endsWhenNobodyWaits() {
        int count = 3 * ReferenceSort.PIECE;
        int[] ints = random.ints(count).toArray();
        long[] longs = random.longs(count).toArray();
        Thread.currentThread().interrupt();
        try {
            assertThatExceptionOfType(ReadCanceledException.class).isThrownBy(() -> ReferenceSort.sort(ints, count));
            assertThatExceptionOfType(ReadCanceledException.class).isThrownBy(() -> ReferenceSort.sort(longs, count));
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }
}
