// SPDX-License-Identifier: Apache-2.0
package dev.narthex.testkit.random;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SeedTest {
    private final String given = System.getProperty(Seed.PROPERTY, "");

    @BeforeEach
    void forget() {
        System.clearProperty(Seed.PROPERTY);
    }

    @AfterEach
    void restore() {
        if (!given.isEmpty()) {
            System.setProperty(Seed.PROPERTY, given);
        }
    }

    @Test
    void printsTheOptionThatRepeatsIt() {
        Seed seed = Seed.of(SeedTest.class);

        System.setProperty(Seed.PROPERTY, seed.toString().replace("-Dtest.seed=", ""));

        assertThat(Seed.of(SeedTest.class)).isEqualTo(seed);
        System.clearProperty(Seed.PROPERTY);
    }

    @Test
    void givesTheSameNumbersEachTime() {
        Seed seed = new Seed(42);

        assertThat(seed.random().nextLong()).isEqualTo(seed.random().nextLong());
        assertThat(seed.forCase(1)).isEqualTo(seed.forCase(1)).isNotEqualTo(seed.forCase(2));
    }
}
