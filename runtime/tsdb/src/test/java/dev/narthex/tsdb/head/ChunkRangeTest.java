// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.testkit.random.Seed;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChunkRangeTest {
    private static final long HOURS_2_MS = 7_200_000;

    @Test
    void aRangeEndsBeforeTheNextMultipleOfItsLength() {
        ChunkRange range = new ChunkRange(HOURS_2_MS);
        long fromMs = 236_000 * HOURS_2_MS;
        assertThat(range.holdsBoth(fromMs, fromMs + HOURS_2_MS - 1)).isTrue();
        assertThat(range.holdsBoth(fromMs, fromMs + HOURS_2_MS)).isFalse();
        assertThat(range.holdsBoth(fromMs - 1, fromMs)).isFalse();
        assertThat(range.holdsBoth(fromMs, fromMs)).isTrue();
    }

    @Test
    void whatItKeepsOfFormerRangesChangesNoAnswer() {
        Seed seed = Seed.of(ChunkRangeTest.class);
        for (int run = 0; run < 100; run++) {
            Random random = seed.forCase(run).random();
            long length = random.nextBoolean() ? HOURS_2_MS : 1 + random.nextInt(1000);
            ChunkRange range = new ChunkRange(length);
            long base = random.nextLong() >> random.nextInt(64);
            for (int i = 0; i < 200; i++) {
                long one = timestamp(random, base, length);
                long other = timestamp(random, base, length);
                long earlier = Math.min(one, other);
                long later = Math.max(one, other);
                assertThat(range.holdsBoth(earlier, later))
                        .as("%d and %d in ranges of %d, case %d", earlier, later, length, run)
                        .isEqualTo(Math.floorDiv(earlier, length) == Math.floorDiv(later, length));
            }
        }
    }

    private static long timestamp(Random random, long base, long length) {
        return switch (random.nextInt(12)) {
            case 0 -> Long.MIN_VALUE + random.nextInt(3);
            case 1 -> Long.MAX_VALUE - random.nextInt(3);
            case 2 -> 0;
            default -> base + random.nextLong(-2 * length, 2 * length);
        };
    }
}
