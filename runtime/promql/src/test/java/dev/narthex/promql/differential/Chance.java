// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.differential;

import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;

/** Random choices. */
record Chance(Random random) {
    String one(String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    <T> T one(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** True once in so many times. */
    boolean onceIn(int times) {
        return random.nextInt(times) == 0;
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    /** Some of the labels, in order. */
    SortedSet<String> some(Collection<String> labels) {
        SortedSet<String> chosen = new TreeSet<>();
        for (String label : labels) {
            if (random.nextBoolean()) {
                chosen.add(label);
            }
        }
        return chosen;
    }
}
