// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.relabel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.config.RelabelAction;
import dev.narthex.config.RelabelConfig;
import dev.narthex.config.RelabelPattern;
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

    /** As Prometheus 3.15: those that were there first, then those that were set, in that order. */
    @Test
    void ofLabelsThatGetOneNameTheOneThatWasSetLastStays() {
        Labels labels = Labels.of("a1", "x", "a2", "y", "b", "z");
        RelabelConfig map =
                new RelabelConfig(List.of(), ";", RelabelPattern.of("(a).*"), 0, "", "$1", RelabelAction.LABEL_MAP);
        RelabelConfig set = RelabelConfig.replace(List.of("b"), "(.*)", "a1", "$1");
        assertThat(Relabeler.relabel(labels, List.of(map))).hasToString("{a=\"y\", a1=\"x\", a2=\"y\", b=\"z\"}");
        assertThat(Relabeler.relabel(labels, List.of(set, map))).hasToString("{a=\"z\", a1=\"z\", a2=\"y\", b=\"z\"}");
        assertThat(RelabelSteps.of(labels, List.of(set, map)).getLast().output().getOrEmpty("a"))
                .isEqualTo("z");
        assertThat(Relabeler.relabel(labels, List.of("a2", "a1"), List.of(map)))
                .hasToString("{a=\"x\", a1=\"x\", a2=\"y\", b=\"z\"}");
        RelabelConfig drop =
                new RelabelConfig(List.of(), ";", RelabelPattern.of("a1"), 0, "", "$1", RelabelAction.LABEL_DROP);
        RelabelConfig again = RelabelConfig.replace(List.of(), "", "a1", "again");
        assertThat(Relabeler.relabel(labels, List.of(set, drop, again, map)))
                .hasToString("{a=\"again\", a1=\"again\", a2=\"y\", b=\"z\"}");
    }
}
