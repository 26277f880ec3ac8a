// SPDX-License-Identifier: Apache-2.0
package dev.narthex.testkit.random;

import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The seed of a random test: fresh in each run and printed, or the one that {@code -Dtest.seed=} names, so that a
 * failure can be repeated.
 *
 * @param value what the random numbers start from
 */
public record Seed(long value) {
    /** The system property that fixes the seed of every random test. */
    public static final String PROPERTY = "test.seed";

    /** The seed of this run for the calling test; prints how to have it again. */
    public static Seed of(Class<?> test) {
        Long given = Long.getLong(PROPERTY);
        Seed seed = new Seed(given != null ? given : ThreadLocalRandom.current().nextLong());
        System.out.println(test.getSimpleName() + ": repeat with " + seed);
        return seed;
    }

    /** A new source of random numbers that starts from this seed: the same numbers each time. */
    public Random random() {
        return new Random(value);
    }

    /** The seed of the n-th of several cases. */
    public Seed forCase(int number) {
        return new Seed(value + 0x9E3779B97F4A7C15L * number);
    }

    @Override
    public String toString() {
        return "-D" + PROPERTY + "=" + value;
    }
}
