// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config;

import dev.narthex.model.Labels;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A rule group: rules that are evaluated in order, at one time.
 *
 * @param name unique in its file
 * @param file where the group was read, or the resource it stands for
 * @param interval how often; null for the global evaluation interval
 * @param queryOffset how far back from now the expressions look
 * @param limit most series or alerts of a rule, 0 for no limit
 * @param labels added to what every rule makes, a rule's own labels win
 */
public record RuleGroupConfig(
        String name,
        String file,
        @Nullable Duration interval,
        Duration queryOffset,
        int limit,
        Labels labels,
        List<RuleConfig> rules) {
    public RuleGroupConfig {
        rules = List.copyOf(rules);
    }

    /** The labels that a rule of this group sets: its own win, and an empty one takes that of the group off. */
    public Labels labelsOf(RuleConfig rule) {
        return labels.without(rule.removedLabels()).toBuilder()
                .setAll(rule.labels())
                .build();
    }
}
