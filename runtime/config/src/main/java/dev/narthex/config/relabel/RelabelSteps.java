// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.relabel;

import dev.narthex.config.RelabelConfig;
import dev.narthex.model.Labels;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
        @Nullable Labels current = labels;
        for (RelabelConfig rule : rules) {
            current = current == null ? null : Relabeler.relabel(current, List.of(rule));
            steps.add(new Step(rule, current == null ? Labels.EMPTY : current, current != null));
        }
        return steps;
    }
}
