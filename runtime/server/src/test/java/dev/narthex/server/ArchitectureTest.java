// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.testkit.architecture.HouseRules;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules of the house, on this application and every module below it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ArchitectureTest {
    private final HouseRules house = HouseRules.onClassPath();

    List<String> rules() {
        return HouseRules.names();
    }

    @ParameterizedTest
    @MethodSource("rules")
    void keeps(String rule) {
        house.check(rule);
    }

    @Test
    void seesTheModules() {
        assertThat(house.packages())
                .contains(
                        "dev.narthex.model",
                        "dev.narthex.memory",
                        "dev.narthex.storage",
                        "dev.narthex.config",
                        "dev.narthex.tsdb",
                        "dev.narthex.promql",
                        "dev.narthex.scrape",
                        "dev.narthex.rules",
                        "dev.narthex.alerting",
                        "dev.narthex.server");
    }
}
