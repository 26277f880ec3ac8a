// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.relabel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.config.RelabelConfig;
import dev.narthex.model.Labels;
import java.util.List;
import org.junit.jupiter.api.Test;

class RelabelStepsTest {
    @Test
    void showsTheLabelsAfterEachStepAndNothingBehindTheOneThatDropsTheSet() {
        List<RelabelSteps.Step> steps = RelabelSteps.of(
                Labels.of("a", "x"),
                List.of(
                        RelabelConfig.replace(List.of("a"), "(.*)", "b", "${1}y"),
                        RelabelConfig.keep(List.of("b"), "xy"),
                        RelabelConfig.keep(List.of("b"), "no"),
                        RelabelConfig.keep(List.of("b"), "xy")));
        assertThat(steps).extracting(RelabelSteps.Step::keep).containsExactly(true, true, false, false);
        assertThat(steps.getFirst().output()).isEqualTo(Labels.of("a", "x", "b", "xy"));
        assertThat(steps.getLast().output()).isEqualTo(Labels.EMPTY);
    }
}
