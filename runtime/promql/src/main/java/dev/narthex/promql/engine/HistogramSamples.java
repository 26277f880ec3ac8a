// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.model.CounterResetHint;
import dev.narthex.model.FloatHistogram;
import dev.narthex.model.NativeHistogram;
import dev.narthex.storage.SampleBuffer;
import org.jspecify.annotations.Nullable;

/** Native histograms among the samples of a series. */
final class HistogramSamples {
    private HistogramSamples() {}

    /**
     * Gives all histograms fractional counts, once for all steps that look at them.
     *
     * @param derivesHints whether a histogram of which nothing is known is compared with the one before it, to say whether
     *     the counter was reset: as Prometheus does where a query asks for nothing but counts and sums
     */
    static void toFloats(SampleBuffer samples, boolean derivesHints) {
        @Nullable NativeHistogram[] histograms = samples.histogramsForWriting();
        FloatHistogram before = null;
        for (int i = 0; i < samples.size(); i++) {
            NativeHistogram histogram = histograms[i];
            if (histogram == null || histogram.isStale()) {
                continue;
            }
            FloatHistogram counts = histogram.toFloat();
            FloatHistogram hinted = counts;
            if (derivesHints && before != null && counts.counterResetHint() == CounterResetHint.UNKNOWN) {
                hinted = counts.withHint(
                        counts.isResetAfter(before) ? CounterResetHint.RESET : CounterResetHint.NOT_RESET);
            }
            histograms[i] = hinted;
            before = counts;
        }
    }

    /** The histogram of a sample after {@link #toFloats}, null for a float. */
    static @Nullable FloatHistogram at(SampleBuffer samples, int index) {
        NativeHistogram histogram = samples.histogram(index);
        return histogram == null ? null : histogram.toFloat();
    }
}
