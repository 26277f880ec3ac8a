// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.differential;

import java.util.Optional;
import java.util.regex.Pattern;

/** Where answers may differ: in what the language leaves open, and in what an older Prometheus does otherwise. */
final class KnownDifferences {
    /** Where the last bits of an operand decide on the first ones of the result. */
    private static final Pattern ILL_CONDITIONED =
            Pattern.compile("stdvar|atan2|stddev|%|\\b(sin|cos|tan)\\(|deriv|predict_linear| - ");

    private static final Pattern DATE = Pattern.compile("(hour|minute|month|year|day_of_\\w+)\\(");

    /** A remainder of such numbers is noise, and so is the date of such a moment. */
    private static final Pattern FAST_GROWING = Pattern.compile("\\^|exp\\(|sinh|cosh|time\\(|1e9|tan\\(");

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
        if ((query.contains("%") || DATE.matcher(query).find())
                && FAST_GROWING.matcher(query).find()) {
            return Optional.of("fast growing");
        }
        return ILL_CONDITIONED.matcher(query).find()
                        && ours.differenceFrom(right, false, false, 1e-3).isEmpty()
                ? Optional.of("ill-conditioned")
                : Optional.empty();
    }

    private static boolean explainOld(String query, Answer ours, Answer right) {
        boolean unknown = right.error().contains("unknown function with name");
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
