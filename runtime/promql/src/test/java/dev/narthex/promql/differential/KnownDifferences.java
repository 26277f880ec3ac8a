// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.differential;

import java.util.Optional;
import java.util.regex.Pattern;

/** Where answers may differ: in what the language leaves open, and in what an older Prometheus does otherwise. */
final class KnownDifferences {
    /** What Go and Java compute with another last bit now and then. */
    private static final Pattern TRANSCENDENTAL =
            Pattern.compile("\\^|atan2|\\b(exp|ln|log2|log10|sin|cos|tan|asin|acos|atan"
                    + "|sinh|cosh|tanh|asinh|acosh|atanh|histogram_quantiles?|histogram_fraction)\\(|[<>]/");

    private static final double LAST_DIGITS = 1e-6;

    private final boolean old;

    /** @param version of the Prometheus that is compared with, empty for one that was built from source */
    KnownDifferences(String version) {
        this.old = !version.isEmpty() && compare(version, "3.14") < 0;
    }

    private static int compare(String version, String other) {
        String[] left = version.split("[^0-9]+", -1);
        String[] right = other.split("[^0-9]+", -1);
        for (int i = 0; i < Math.min(left.length, right.length); i++) {
            int order = Integer.compare(Integer.parseInt(left[i]), Integer.parseInt(right[i]));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    /** Whether the Prometheus is older than the language: then annotations, which changed a lot, are not compared. */
    boolean isOld() {
        return old;
    }

    /** The name of the rule that explains a difference; empty where none does. */
    Optional<String> explain(String query, Answer ours, Answer right) {
        if (old && explainOld(query, ours, right)) {
            return Optional.of("old");
        }
        if (!isExact(query)
                && ours.differenceFrom(right, false, !old, LAST_DIGITS).isEmpty()) {
            return Optional.of("last digits");
        }
        return Optional.empty();
    }

    /** Whether Go and Java compute the same to the last bit. */
    static boolean isExact(String query) {
        return !TRANSCENDENTAL.matcher(query).find();
    }

    private static boolean explainOld(String query, Answer ours, Answer right) {
        boolean unknown = right.error().contains("unknown function with name");
        // Durations that are worked out, and functions that were none: then it says where it stopped to read.
        unknown |= right.error().contains("parse error") && !ours.isFailed();
        // Since 3.8, series that become equal are merged where they have no samples at the same time.
        boolean merged =
                right.error().contains("vector cannot contain metrics with the same labelset") && !ours.isFailed();
        // Two matches of which a comparison lets one through were none.
        boolean filtered = ours.error().startsWith("multiple matches for labels") && !right.isFailed();
        // A not-a-number among the samples made no difference to the one; the other was not sure beyond the last bound.
        boolean changed = query.contains("mad_over_time") || query.contains("histogram_fraction");
        return unknown || merged || filtered || changed;
    }
}
