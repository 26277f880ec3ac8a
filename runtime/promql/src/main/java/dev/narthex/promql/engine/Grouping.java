// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.model.Labels;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/** How an aggregation puts series into groups. */
final class Grouping {
    private final Set<String> names;
    private final boolean without;

    Grouping(Collection<String> names, boolean without) {
        this.names = new HashSet<>(names);
        this.without = without;
        if (without) {
            this.names.add(Labels.METRIC_NAME);
        }
    }

    /** The labels of the group that a series belongs to. */
    Labels of(Labels series) {
        if (without) {
            return series.without(names);
        }
        return names.isEmpty() ? Labels.EMPTY : series.keep(names);
    }

    boolean keepsName() {
        return !without && names.contains(Labels.METRIC_NAME);
    }
}
