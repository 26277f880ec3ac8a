// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config;

import dev.narthex.model.Labels;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/** A rule that stores the result of its expression as series named {@code record}. */
public record RecordingRuleConfig(String record, String expr, Labels labels, SortedSet<String> removedLabels)
        implements RuleConfig {
    public RecordingRuleConfig {
        removedLabels = Collections.unmodifiableSortedSet(new TreeSet<>(removedLabels));
    }

    /** A rule that takes no labels off. */
    public RecordingRuleConfig(String record, String expr, Labels labels) {
        this(record, expr, labels, Collections.emptySortedSet());
    }

    @Override
    public String name() {
        return record;
    }
}
