// SPDX-License-Identifier: Apache-2.0
package dev.narthex.exposition;

import dev.narthex.model.FloatHistogram;
import dev.narthex.model.HistogramLayout;

/** What the buckets of a classic histogram count for one with custom buckets. */
final class ClassicCounts {
    private ClassicCounts() {}

    /** How many observations are at most each of the custom bounds. */
    static double[] of(FloatHistogram histogram) {
        HistogramLayout layout = histogram.layout();
        double[] counts = new double[layout.customValues().size()];
        for (int i = 0; i < layout.positiveBuckets(); i++) {
            // What is above the last bound is in no bucket but that of all.
            if (layout.positiveIndex(i) < counts.length) {
                counts[layout.positiveIndex(i)] = histogram.positiveCount(i);
            }
        }
        for (int i = 1; i < counts.length; i++) {
            counts[i] += counts[i - 1];
        }
        return counts;
    }
}
