// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config;

import dev.narthex.model.Labels;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A rule that turns every series of its expression's result into an alert.
 *
 * @param alert the alert name
 * @param forDuration how long the expression must hold before the alert fires
 * @param keepFiringFor how long the alert goes on firing after the expression has ceased to hold
 * @param annotations texts for people, with templates
 */
public record AlertingRuleConfig(
        String alert,
        String expr,
        Duration forDuration,
        Duration keepFiringFor,
        Labels labels,
        SortedSet<String> removedLabels,
        Map<String, String> annotations)
        implements RuleConfig {
    public AlertingRuleConfig {
        removedLabels = Collections.unmodifiableSortedSet(new TreeSet<>(removedLabels));
        annotations = Collections.unmodifiableMap(new TreeMap<>(annotations));
    }

    /** A rule that takes no labels off. */
    public AlertingRuleConfig(
            String alert,
            String expr,
            Duration forDuration,
            Duration keepFiringFor,
            Labels labels,
            Map<String, String> annotations) {
        this(alert, expr, forDuration, keepFiringFor, labels, Collections.emptySortedSet(), annotations);
    }

    @Override
    public String name() {
        return alert;
    }
}
