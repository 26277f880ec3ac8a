// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.model.CounterResetHint;
import dev.narthex.model.FloatHistogram;
import dev.narthex.model.NativeHistogram;
import dev.narthex.storage.SampleBuffer;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** Native histograms among the samples of a series. */
final class HistogramSamples {
    private HistogramSamples() {}

    /**
     * Gives all histograms fractional counts, once for all steps that look at them.
     *
     * @param leaps null where the query asks for buckets. Where it asks for nothing but counts and sums, buckets are left
     *     out, and a histogram of which nothing is known is compared with the one that was read before it, to say whether
     *     the counter was reset
     */
    static void toFloats(SampleBuffer samples, @Nullable Leaps leaps, Progress progress) {
        BitSet landings = leaps == null ? null : leaps.in(samples);
        @Nullable NativeHistogram[] histograms = samples.histogramsForWriting();
        FloatHistogram before = null;
        for (int i = 0; i < samples.size(); i++) {
            NativeHistogram histogram = histograms[i];
            progress.work(histogram == null ? 1 : Progress.HISTOGRAM);
            if (histogram == null) {
                before = null;
                continue;
            }
            if (landings != null && landings.get(i)) {
                before = null;
            }
            if (histogram.isStale()) {
                continue;
            }
            FloatHistogram counts = histogram.toFloat();
            histograms[i] = landings != null ? statistics(before, counts) : counts;
            before = counts;
        }
    }

    private static FloatHistogram statistics(@Nullable FloatHistogram before, FloatHistogram histogram) {
        FloatHistogram statistics = histogram.withoutBuckets();
        if (before == null || histogram.counterResetHint() != CounterResetHint.UNKNOWN) {
            return statistics;
        }
        return statistics.withHint(
                histogram.isResetAfter(before) ? CounterResetHint.RESET : CounterResetHint.NOT_RESET);
    }

    /** The histogram of a sample after {@link #toFloats}, null for a float. */
    static @Nullable FloatHistogram at(SampleBuffer samples, int index) {
        NativeHistogram histogram = samples.histogram(index);
        return histogram == null ? null : histogram.toFloat();
    }
}
