// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.model.GoFloat;
import java.time.Instant;
import java.util.Locale;

/**
 * Where the cumulative counts of classic histograms fell from one bucket to the next, which they may not.
 *
 * @param lowestBound the least upper bound of such a bucket
 * @param highestBound the greatest
 * @param maxDifference by how much a count fell at most
 * @param count in how many histograms it was so, one counted at each step
 * @param firstMs the first step
 * @param lastMs the last step
 */
record NonMonotonicBuckets(
        double lowestBound, double highestBound, double maxDifference, long count, long firstMs, long lastMs) {
    /** What they are said under. */
    static final String KEY = "input to histogram_quantile needed to be fixed for monotonicity (see"
            + " https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile)";

    /** Both of them together. */
    NonMonotonicBuckets with(NonMonotonicBuckets other) {
        return new NonMonotonicBuckets(
                Math.min(lowestBound, other.lowestBound),
                Math.max(highestBound, other.highestBound),
                Math.max(maxDifference, other.maxDifference),
                count + other.count,
                Math.min(firstMs, other.firstMs),
                Math.max(lastMs, other.lastMs));
    }

    /** What follows the key. */
    String text() {
        return ", from buckets " + GoFloat.general(lowestBound) + " to " + GoFloat.general(highestBound)
                + ", with a max diff of " + twoDigits(maxDifference) + ", over " + count + " samples from "
                + Instant.ofEpochSecond(Math.floorDiv(firstMs, 1000L)) + " to "
                + Instant.ofEpochSecond(Math.floorDiv(lastMs, 1000L));
    }

    /** Two significant digits, with an exponent where they are not all before the point or shortly behind it. */
    private static String twoDigits(double value) {
        if (Double.isInfinite(value)) {
            return GoFloat.general(value);
        }
        String scientific = String.format(Locale.ROOT, "%.1e", value);
        double rounded = Double.parseDouble(scientific);
        return rounded >= 100 ? scientific.replace(".0e", "e") : GoFloat.general(rounded);
    }
}
