// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.relabel;

import dev.narthex.config.RelabelConfig;
import dev.narthex.model.Labels;
import java.util.ArrayList;
import java.util.List;

/** What each step of relabelling makes of a label set, for people who look for the step that is wrong. */
public final class RelabelSteps {
    private RelabelSteps() {}

    /**
     * One step.
     *
     * @param rule what was applied
     * @param output the labels after it; empty where it dropped the set
     * @param keep whether the set is still there after it
     */
    public record Step(RelabelConfig rule, Labels output, boolean keep) {}

    /** Applies the steps in order; after one that drops the set no other is applied. */
    public static List<Step> of(Labels labels, List<RelabelConfig> rules) {
        List<Step> steps = new ArrayList<>();
        Labels before = labels;
        for (RelabelConfig rule : rules) {
            Labels after = Relabeler.relabel(before, List.of(rule));
            steps.add(new Step(rule, after == null ? Labels.EMPTY : after, after != null));
            if (after == null) {
                break;
            }
            before = after;
        }
        return steps;
    }
}
