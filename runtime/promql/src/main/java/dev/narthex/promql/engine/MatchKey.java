// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.model.Labels;
import dev.narthex.promql.syntax.VectorMatching;
import java.util.HashSet;
import java.util.Set;

/** The part of a label set by which the series of two vectors find each other. */
final class MatchKey {
    private final Set<String> labels;
    private final boolean on;

    MatchKey(VectorMatching matching) {
        this.on = matching.on();
        this.labels = new HashSet<>(matching.labels());
        if (!on) {
            labels.add(Labels.METRIC_NAME);
        }
    }

    Labels of(Labels series) {
        return on ? series.keep(labels) : series.without(labels);
    }
}
