// SPDX-License-Identifier: Apache-2.0
package dev.narthex.model;

/**
 * The mean of native histograms: their compensated sum by their number. Should the sum leave the range of a double, it goes
 * on as an incremental mean, which stays in range. All have custom buckets or none has. For one thread.
 */
public final class HistogramMean {
    private final HistogramSum sum = new HistogramSum();
    private double count;
    private boolean incremental;

    public void add(FloatHistogram histogram) {
        count++;
        if (!incremental) {
            if (!sum.wouldOverflow(histogram)) {
                sum.add(histogram);
                return;
            }
            incremental = true;
            sum.scale(1 / (count - 1));
        }
        // From here on the sum is the mean of what came before.
        sum.scale((count - 1) / count);
        sum.add(histogram.dividedBy(count));
    }

    public boolean isEmpty() {
        return sum.isEmpty();
    }

    /** See {@link HistogramSum#isCompatible}. */
    public boolean isCompatible(FloatHistogram histogram) {
        return sum.isCompatible(histogram);
    }

    /** See {@link HistogramSum#isBoundsReconciled}. */
    public boolean isBoundsReconciled() {
        return sum.isBoundsReconciled();
    }

    /** See {@link HistogramSum#isResetsConflict}. */
    public boolean isResetsConflict() {
        return sum.isResetsConflict();
    }

    public FloatHistogram result() {
        return sum.result(incremental ? 1 : count);
    }
}
