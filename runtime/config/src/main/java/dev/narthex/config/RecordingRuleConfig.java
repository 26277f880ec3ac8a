// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config;

import dev.narthex.model.Labels;

/** A rule that stores the result of its expression as series named {@code record}. */
public record RecordingRuleConfig(String record, String expr, Labels labels) implements RuleConfig {
    @Override
    public String name() {
        return record;
    }
}
