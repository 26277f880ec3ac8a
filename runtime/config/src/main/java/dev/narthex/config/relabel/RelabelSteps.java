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
     * @param output the labels after it; empty where it, or one before it, dropped the set
     * @param keep whether the set is still there after it
     */
    public record Step(RelabelConfig rule, Labels output, boolean keep) {}

    /** Applies the steps in order; those after one that drops the set are not applied, and keep nothing. */
    public static List<Step> of(Labels labels, List<RelabelConfig> rules) {
        List<Step> steps = new ArrayList<>();
        RelabelledLabels current = new RelabelledLabels(labels, List.of());
        boolean keep = true;
        for (RelabelConfig rule : rules) {
            keep = keep && Relabeler.apply(current, rule);
            steps.add(new Step(rule, keep ? current.build() : Labels.EMPTY, keep));
        }
        return steps;
    }
}
