// SPDX-License-Identifier: Apache-2.0
package dev.narthex.remote.read;

import dev.narthex.model.BucketSpan;
import dev.narthex.model.FloatHistogram;
import dev.narthex.model.HistogramLayout;
import dev.narthex.model.IntegerHistogram;
import dev.narthex.model.Labels;
import dev.narthex.model.LabelsBuilder;
import dev.narthex.model.NativeHistogram;
import dev.narthex.storage.SampleBuffer;
import dev.narthex.wire.ProtobufWriter;
import java.util.List;

/** Writes labels, samples and histograms as messages of remote read. For one thread, reused. */
final class SeriesMessage {
    private static final int LABELS = 1;
    private static final int SAMPLES = 2;
    private static final int HISTOGRAMS = 4;

    private final Labels external;
    private final ProtobufWriter inner = new ProtobufWriter();
    private final ProtobufWriter span = new ProtobufWriter();

    /** @param external labels that each series gets which does not have them */
    SeriesMessage(Labels external) {
        this.external = external;
    }

    /** Adds the labels of a series to a message that has them as its first field. */
    void labels(Labels series, ProtobufWriter into) {
        Labels all = merged(series);
        for (int i = 0; i < all.size(); i++) {
            inner.clear();
            text(inner, 1, all.name(i));
            text(inner, 2, all.value(i));
            into.message(LABELS, inner);
        }
    }

    private Labels merged(Labels series) {
        if (external.isEmpty()) {
            return series;
        }
        LabelsBuilder builder = series.toBuilder();
        for (int i = 0; i < external.size(); i++) {
            String own = series.get(external.name(i));
            if (own == null || own.isEmpty()) {
                builder.set(external.name(i), external.value(i));
            }
        }
        return builder.build();
    }

    private static void text(ProtobufWriter into, int field, String value) {
        if (!value.isEmpty()) {
            into.text(field, value);
        }
    }

    /** Adds samples to a message {@code TimeSeries}. */
    void samples(SampleBuffer samples, ProtobufWriter into) {
        for (int i = 0; i < samples.size(); i++) {
            NativeHistogram histogram = samples.histogram(i);
            inner.clear();
            if (histogram == null) {
                float64(inner, 1, samples.value(i));
                int64(inner, 2, samples.timestampMs(i));
                into.message(SAMPLES, inner);
            } else {
                histogram(histogram, samples.timestampMs(i));
                into.message(HISTOGRAMS, inner);
            }
        }
    }

    /** Field by field in the order of their numbers. A count is there also where it is zero, since it says the kind. */
    private void histogram(NativeHistogram histogram, long timestampMs) {
        HistogramLayout layout = histogram.layout();
        switch (histogram) {
            case IntegerHistogram whole -> inner.int64(1, whole.count());
            case FloatHistogram fractional -> inner.float64(2, fractional.count());
        }
        float64(inner, 3, histogram.sum());
        if (layout.schema() != 0) {
            inner.sint64(4, layout.schema());
        }
        float64(inner, 5, layout.zeroThreshold());
        switch (histogram) {
            case IntegerHistogram whole -> inner.int64(6, whole.zeroCount());
            case FloatHistogram fractional -> inner.float64(7, fractional.zeroCount());
        }
        spans(8, layout.negativeSpans());
        buckets(histogram, false);
        spans(11, layout.positiveSpans());
        buckets(histogram, true);
        int hint = switch (histogram.counterResetHint()) {
            case UNKNOWN -> 0;
            case RESET -> 1;
            case NOT_RESET -> 2;
            case GAUGE -> 3;
        };
        int64(inner, 14, hint);
        int64(inner, 15, timestampMs);
        customValues(layout);
    }

    private void spans(int field, List<BucketSpan> spans) {
        for (BucketSpan each : spans) {
            span.clear();
            if (each.offset() != 0) {
                span.sint64(1, each.offset());
            }
            int64(span, 2, each.length());
            inner.message(field, span);
        }
    }

    private void buckets(NativeHistogram histogram, boolean isPositive) {
        int size = isPositive
                ? histogram.layout().positiveBuckets()
                : histogram.layout().negativeBuckets();
        if (size == 0) {
            return;
        }
        span.clear();
        switch (histogram) {
            case IntegerHistogram whole -> {
                long before = 0;
                for (int i = 0; i < size; i++) {
                    long count = isPositive ? whole.positiveCount(i) : whole.negativeCount(i);
                    span.zigzag(count - before);
                    before = count;
                }
                inner.message(isPositive ? 12 : 9, span);
            }
            case FloatHistogram fractional -> {
                for (int i = 0; i < size; i++) {
                    double count = isPositive ? fractional.positiveCount(i) : fractional.negativeCount(i);
                    span.fixed64(Double.doubleToRawLongBits(count));
                }
                inner.message(isPositive ? 13 : 10, span);
            }
        }
    }

    private void customValues(HistogramLayout layout) {
        if (layout.customValues().isEmpty()) {
            return;
        }
        span.clear();
        for (double bound : layout.customValues()) {
            span.fixed64(Double.doubleToRawLongBits(bound));
        }
        inner.message(16, span);
    }

    private static void float64(ProtobufWriter into, int field, double value) {
        // The zero with a sign is not the default.
        if (Double.doubleToRawLongBits(value) != 0) {
            into.float64(field, value);
        }
    }

    private static void int64(ProtobufWriter into, int field, long value) {
        if (value != 0) {
            into.int64(field, value);
        }
    }
}
