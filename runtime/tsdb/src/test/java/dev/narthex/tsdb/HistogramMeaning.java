// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import dev.narthex.model.GoFloat;
import dev.narthex.model.HistogramBucket;
import dev.narthex.model.NativeHistogram;
import dev.narthex.model.StalenessMarker;
import dev.narthex.storage.SampleBuffer;

/** What a sample says, as text, however it is stored: the same for histograms whose spans are cut in another way. */
final class HistogramMeaning {
    private HistogramMeaning() {}

    static String of(SampleBuffer buffer, int index) {
        NativeHistogram histogram = buffer.histogram(index);
        return buffer.timestampMs(index) + " " + (histogram == null ? of(buffer.value(index)) : of(histogram));
    }

    static String of(double value) {
        return StalenessMarker.is(value) ? "stale" : GoFloat.general(value);
    }

    static String of(NativeHistogram histogram) {
        if (histogram.isStale()) {
            return "stale";
        }
        StringBuilder text = new StringBuilder(histogram.getClass().getSimpleName());
        text.append(" count=").append(GoFloat.general(histogram.toFloat().count()));
        text.append(" sum=").append(GoFloat.general(histogram.sum()));
        text.append(" schema=").append(histogram.layout().schema());
        text.append(" custom=").append(histogram.layout().customValues());
        text.append(" zero=").append(GoFloat.general(histogram.layout().zeroThreshold()));
        for (HistogramBucket bucket : histogram.buckets()) {
            text.append(' ').append(bucket);
        }
        return text.toString();
    }
}
