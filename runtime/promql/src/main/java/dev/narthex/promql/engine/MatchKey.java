// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.model.Labels;
import dev.narthex.promql.syntax.VectorMatching;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The part of a label set by which the series of two vectors find each other. For one thread. */
final class MatchKey {
    private final LabelSubsets subsets;

    MatchKey(VectorMatching matching) {
        Set<String> labels = new HashSet<>(matching.labels());
        if (!matching.on()) {
            labels.add(Labels.METRIC_NAME);
        }
        subsets = new LabelSubsets(labels, matching.on());
    }

    /** The part of the labels of a series; the same object for the same part. */
    Labels of(Labels series) {
        return subsets.of(series);
    }

    /** The same, null where {@link #of} has not met it yet: nothing that was read can match the series then. */
    @Nullable
    Labels find(Labels series) {
        return subsets.find(series);
    }
}
