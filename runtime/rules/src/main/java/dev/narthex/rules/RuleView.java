// SPDX-License-Identifier: Apache-2.0
package dev.narthex.rules;

import dev.narthex.model.Labels;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A rule as the API shows it. */
public sealed interface RuleView {
    /** The name of the recorded series or of the alert. */
    String name();

    /** The expression in its canonical form. */
    String query();

    Labels labels();

    /** How the last evaluation went, and when. */
    RuleEvaluation evaluation();

    /** A recording rule. */
    record Recording(String name, String query, Labels labels, RuleEvaluation evaluation) implements RuleView {}

    /**
     * An alerting rule.
     *
     * @param state of the alert that has come farthest
     * @param alerts those that are pending or firing
     */
    record Alerting(
            String name,
            String query,
            Labels labels,
            RuleEvaluation evaluation,
            Duration forDuration,
            Duration keepFiringFor,
            Map<String, String> annotations,
            AlertState state,
            List<AlertView> alerts)
            implements RuleView {
        public Alerting {
            alerts = List.copyOf(alerts);
        }
    }

    /**
     * The last evaluation of a rule.
     *
     * @param health how it went
     * @param lastError why it failed, empty where it did not
     * @param duration how long it took, zero before the first
     * @param at when it was, null before the first
     */
    record RuleEvaluation(
            RuleHealth health,
            String lastError,
            Duration duration,
            @Nullable Instant at) {
        static final RuleEvaluation NONE = new RuleEvaluation(RuleHealth.UNKNOWN, "", Duration.ZERO, null);
    }
}
