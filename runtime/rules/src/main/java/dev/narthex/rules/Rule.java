// SPDX-License-Identifier: Apache-2.0
package dev.narthex.rules;

import dev.narthex.config.RuleConfig;
import dev.narthex.model.Labels;
import dev.narthex.model.NativeHistogram;
import dev.narthex.rules.RuleView.RuleEvaluation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A rule with the state it has between evaluations. For use under the lock of its group. */
sealed interface Rule permits RecordingRule, AlertingRule {
    /**
     * A sample that a rule makes.
     *
     * @param histogram the native histogram that it is, null for a float
     */
    record Output(Labels labels, double value, @Nullable NativeHistogram histogram) {
        /** A float. */
        Output(Labels labels, double value) {
            this(labels, value, null);
        }
    }

    /** The name of the recorded series or of the alert. */
    String name();

    Labels labels();

    /**
     * Evaluates the rule.
     *
     * @param timestampMs the evaluation time
     * @param queryTimestampMs how far its expression looks, which is earlier by the group's query offset
     * @param limit most series or alerts, 0 for no limit
     * @return the samples to store
     * @throws IllegalArgumentException when it fails; the message says why
     */
    List<Output> evaluate(long timestampMs, long queryTimestampMs, int limit);

    /** The labels that a rule sets: its own win over those of its group, an empty one takes that of the group off. */
    static Labels labels(Labels groupLabels, RuleConfig config) {
        return groupLabels.without(config.removedLabels()).toBuilder()
                .setAll(config.labels())
                .build();
    }

    void evaluated(RuleEvaluation evaluation);

    RuleView view();
}
