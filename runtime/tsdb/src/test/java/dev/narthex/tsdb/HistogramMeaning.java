// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import dev.narthex.model.BucketSpan;
import dev.narthex.model.CounterResetHint;
import dev.narthex.model.FloatHistogram;
import dev.narthex.model.GoFloat;
import dev.narthex.model.HistogramBucket;
import dev.narthex.model.HistogramLayout;
import dev.narthex.model.IntegerHistogram;
import dev.narthex.model.NativeHistogram;
import dev.narthex.model.StalenessMarker;
import dev.narthex.storage.SampleBuffer;
import java.util.List;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;

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

    /** The same in few characters: count, sum, and a number that stands for where the buckets lie and what is in them. */
    static String digest(NativeHistogram histogram) {
        if (histogram.isStale()) {
            return TsdbFixture.text(StalenessMarker.VALUE);
        }
        HistogramLayout layout = histogram.layout();
        long hash = mix(
                31L * layout.schema() + Double.doubleToRawLongBits(layout.zeroThreshold()),
                layout.customValues().hashCode());
        String count;
        switch (histogram) {
            case IntegerHistogram whole -> {
                count = "integer:" + whole.count();
                hash = mix(hash, whole.zeroCount());
                hash = buckets(hash, layout.positiveSpans(), whole::positiveCount);
                hash = buckets(~hash, layout.negativeSpans(), whole::negativeCount);
            }
            case FloatHistogram parts -> {
                count = "float:" + TsdbFixture.text(parts.count());
                hash = mix(hash, bits(parts.zeroCount()));
                hash = buckets(hash, layout.positiveSpans(), at -> bits(parts.positiveCount(at)));
                hash = buckets(~hash, layout.negativeSpans(), at -> bits(parts.negativeCount(at)));
            }
        }
        return count + ':' + TsdbFixture.text(histogram.sum()) + ':' + Long.toHexString(hash);
    }

    /** Whether a histogram says that it continues the one before it although a counter of it is less. */
    static boolean isWronglyContinued(@Nullable NativeHistogram before, @Nullable NativeHistogram histogram) {
        if (before == null
                || histogram == null
                || histogram.counterResetHint() != CounterResetHint.NOT_RESET
                || histogram.isStale()) {
            return false;
        }
        return before.isStale()
                || before.getClass() != histogram.getClass()
                || histogram.toFloat().withHint(CounterResetHint.UNKNOWN).isResetAfter(before.toFloat());
    }

    private static long bits(double count) {
        return Double.doubleToRawLongBits(count);
    }

    private static long buckets(long before, List<BucketSpan> spans, IntToLongFunction counts) {
        long hash = before;
        int index = 0;
        int at = 0;
        for (BucketSpan span : spans) {
            index += span.offset();
            for (int i = span.length(); i > 0; i--, index++) {
                long count = counts.applyAsLong(at++);
                if (count != 0) {
                    hash = mix(mix(hash, index), count);
                }
            }
        }
        return hash;
    }

    private static long mix(long hash, long number) {
        long mixed = (hash ^ number) * 0x9E3779B97F4A7C15L;
        return mixed ^ mixed >>> 29;
    }
}
