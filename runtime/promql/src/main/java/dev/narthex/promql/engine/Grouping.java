// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.model.Labels;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/** How an aggregation puts series into groups. For one thread. */
final class Grouping {
    private final Set<String> names;
    private final boolean without;
    private final LabelSubsets subsets;

    Grouping(Collection<String> names, boolean without) {
        this.names = new HashSet<>(names);
        this.without = without;
        if (without) {
            this.names.add(Labels.METRIC_NAME);
        }
        subsets = new LabelSubsets(this.names, !without);
    }

    /** The labels of the group that a series belongs to; the same object for all series of the group. */
    Labels of(Labels series) {
        return names.isEmpty() ? Labels.EMPTY : subsets.of(series);
    }

    boolean keepsName() {
        return !without && names.contains(Labels.METRIC_NAME);
    }
}
