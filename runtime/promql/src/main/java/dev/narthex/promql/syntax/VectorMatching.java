// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.syntax;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the series of two vectors find each other.
 *
 * @param cardinality how many series of each side may meet
 * @param on whether the labels are those that must agree ({@code on}), or those that need not ({@code ignoring})
 * @param labels the labels of {@code on} or {@code ignoring}
 * @param include the labels that the result takes from the "one" side ({@code group_left}, {@code group_right})
 * @param fillLeft what stands for a missing series of the left side, null where nothing does
 * @param fillRight what stands for a missing series of the right side, null where nothing does
 */
public record VectorMatching(
        Cardinality cardinality,
        boolean on,
        List<String> labels,
        List<String> include,
        @Nullable Double fillLeft,
        @Nullable Double fillRight) {
    /** How many series of each side may meet. */
    public enum Cardinality {
        ONE_TO_ONE,
        MANY_TO_ONE,
        ONE_TO_MANY,
        MANY_TO_MANY
    }

    /** Matching as it is where the query says nothing: one to one, by all labels. */
    public static final VectorMatching DEFAULT =
            new VectorMatching(Cardinality.ONE_TO_ONE, false, List.of(), List.of(), null, null);

    public VectorMatching {
        labels = List.copyOf(labels);
        include = List.copyOf(include);
    }

    VectorMatching withCardinality(Cardinality other) {
        return new VectorMatching(other, on, labels, include, fillLeft, fillRight);
    }
}
