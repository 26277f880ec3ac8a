// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.promqltest;

import dev.narthex.model.CounterResetHint;
import dev.narthex.model.FloatHistogram;
import dev.narthex.model.HistogramLayout;
import org.jspecify.annotations.Nullable;

/**
 * What a database that keeps the histograms of a series in chunks knows of counter resets: each reset begins a chunk, so
 * that within one there is none; of the first histogram of a chunk nothing is known (Prometheus, "Native Histograms"
 * specification, section "Counter resets"). To be asked about all samples of a series in order.
 */
final class ResetHints {
    private @Nullable FloatHistogram before;

    /** There was a sample that is no histogram: the next one begins a chunk. */
    void interrupt() {
        before = null;
    }

    /** The histogram as it is read back. */
    FloatHistogram hinted(FloatHistogram histogram) {
        FloatHistogram last = before;
        before = histogram.isStale() ? null : histogram;
        if (histogram.counterResetHint() == CounterResetHint.GAUGE) {
            return histogram;
        }
        boolean continues = last != null
                && last.counterResetHint() != CounterResetHint.GAUGE
                && isSameLayout(last.layout(), histogram.layout())
                && !histogram.isResetAfter(last);
        return histogram.withHint(continues ? CounterResetHint.NOT_RESET : CounterResetHint.UNKNOWN);
    }

    private static boolean isSameLayout(HistogramLayout left, HistogramLayout right) {
        return left.schema() == right.schema()
                && left.zeroThreshold() == right.zeroThreshold()
                && left.customValues().equals(right.customValues());
    }
}
