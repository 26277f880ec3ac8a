// SPDX-License-Identifier: Apache-2.0
package dev.narthex.model;

import java.util.List;

/** The two forms in which Prometheus prints native histograms. */
public final class HistogramText {
    private HistogramText() {}

    /** Count, sum and the buckets with observations: {@code {count:3, sum:4.5, [-2,-1):1, (0.5,1]:2}}. */
    public static String of(NativeHistogram histogram) {
        FloatHistogram counts = histogram.toFloat();
        StringBuilder text = new StringBuilder("{count:")
                .append(GoFloat.general(counts.count()))
                .append(", sum:")
                .append(GoFloat.general(counts.sum()));
        for (HistogramBucket bucket : counts.buckets(false)) {
            text.append(", ")
                    .append(bucket.lowerInclusive() ? '[' : '(')
                    .append(GoFloat.general(bucket.lower()))
                    .append(',')
                    .append(GoFloat.general(bucket.upper()))
                    .append(bucket.upperInclusive() ? ']' : ')')
                    .append(':')
                    .append(GoFloat.general(bucket.count()));
        }
        return text.append('}').toString();
    }

    /** The form of the test language: {@code {{schema:0 count:3 sum:4.5 buckets:[1 2]}}}, without what is 0. */
    public static String test(NativeHistogram histogram) {
        FloatHistogram compact = histogram.toFloat().compact();
        HistogramLayout layout = compact.layout();
        StringBuilder text = new StringBuilder("{{");
        if (layout.schema() != 0) {
            add(text, "schema:" + layout.schema());
        }
        addNumber(text, "count", compact.count());
        addNumber(text, "sum", compact.sum());
        addNumber(text, "z_bucket", compact.zeroCount());
        addNumber(text, "z_bucket_w", layout.zeroThreshold());
        if (layout.hasCustomBuckets()) {
            add(text, "custom_values:" + list(layout.customValues()));
        }
        switch (compact.counterResetHint()) {
            case UNKNOWN -> {
                // Is not said.
            }
            case RESET, NOT_RESET, GAUGE ->
                add(text, "counter_reset_hint:" + compact.counterResetHint().text());
        }
        addBuckets(text, "offset", "buckets", compact.positiveSide(HistogramSide.EXACT));
        addBuckets(text, "n_offset", "n_buckets", compact.negativeSide(HistogramSide.EXACT));
        return text.append("}}").toString();
    }

    private static void add(StringBuilder text, String item) {
        if (text.length() > 2) {
            text.append(' ');
        }
        text.append(item);
    }

    private static void addNumber(StringBuilder text, String key, double number) {
        if (number != 0) {
            add(text, key + ":" + GoFloat.general(number));
        }
    }

    private static String list(List<Double> numbers) {
        StringBuilder text = new StringBuilder("[");
        for (double number : numbers) {
            text.append(text.length() > 1 ? " " : "").append(GoFloat.general(number));
        }
        return text.append(']').toString();
    }

    private static void addBuckets(StringBuilder text, String offsetKey, String key, HistogramSide side) {
        if (side.size() == 0) {
            return;
        }
        int first = side.indexes()[0];
        if (first != 0) {
            add(text, offsetKey + ":" + first);
        }
        StringBuilder buckets = new StringBuilder("[");
        for (int i = 0; i < side.size(); i++) {
            for (int gap = i == 0 ? 0 : side.indexes()[i] - side.indexes()[i - 1] - 1; gap > 0; gap--) {
                buckets.append("0 ");
            }
            buckets.append(GoFloat.general(side.counts()[i])).append(i + 1 < side.size() ? " " : "");
        }
        add(text, key + ":" + buckets.append(']'));
    }
}
