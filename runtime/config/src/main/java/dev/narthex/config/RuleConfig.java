// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config;

import dev.narthex.model.Labels;

/** A rule: an expression and what its result becomes. */
public sealed interface RuleConfig permits RecordingRuleConfig, AlertingRuleConfig {
    /** The name of the recorded series or of the alert. */
    String name();

    /** The PromQL expression. */
    String expr();

    /** Labels added to the result; those of an alert may hold templates. */
    Labels labels();
}
