// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config;

import dev.narthex.model.Labels;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** A rule: an expression and what its result becomes. */
public sealed interface RuleConfig permits RecordingRuleConfig, AlertingRuleConfig {
    /** The name of the recorded series or of the alert. */
    String name();

    /** The PromQL expression. */
    String expr();

    /** Labels added to the result; those of an alert may hold templates. */
    Labels labels();

    /** Labels taken off the result: those that are written with an empty value. Sorted. */
    SortedSet<String> removedLabels();

    /** The names in a map of labels that have an empty value. */
    static SortedSet<String> removedLabels(Map<String, String> labels) {
        SortedSet<String> names = new TreeSet<>();
        labels.forEach((name, value) -> {
            if (value.isEmpty()) {
                names.add(name);
            }
        });
        return names;
    }
}
