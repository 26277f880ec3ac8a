// SPDX-License-Identifier: Apache-2.0
package dev.narthex.exposition.lint;

import java.util.Comparator;

/**
 * Something about a metric that is against the conventions.
 *
 * @param metric the name of the metric family
 * @param text in the words of promtool
 */
public record LintProblem(String metric, String text) implements Comparable<LintProblem> {
    private static final Comparator<LintProblem> ORDER =
            Comparator.comparing(LintProblem::metric).thenComparing(LintProblem::text);

    @Override
    public int compareTo(LintProblem other) {
        return ORDER.compare(this, other);
    }
}
