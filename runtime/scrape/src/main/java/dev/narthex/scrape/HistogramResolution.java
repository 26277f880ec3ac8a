// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import dev.narthex.model.BucketSpan;
import dev.narthex.model.FloatHistogram;
import dev.narthex.model.HistogramLayout;
import dev.narthex.model.IntegerHistogram;
import dev.narthex.model.NativeHistogram;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes native histograms coarser, as {@code native_histogram_bucket_limit} and {@code native_histogram_min_bucket_factor}
 * ask for. Each step to a smaller schema merges two neighbours: bucket {@code i} becomes part of bucket
 * {@code ceil(i / 2)}.
 */
final class HistogramResolution {
    private HistogramResolution() {}

    /**
     * The histogram in a resolution that keeps both rules; itself where it keeps them, null where even the coarsest
     * resolution has too many buckets, or it has custom ones.
     */
    static @Nullable NativeHistogram limited(NativeHistogram histogram, int bucketLimit, double minBucketFactor) {
        NativeHistogram limited = histogram;
        if (minBucketFactor > 1 && !histogram.layout().hasCustomBuckets()) {
            limited = reduced(histogram, schemaOf(minBucketFactor));
        }
        while (bucketLimit > 0 && buckets(limited) > bucketLimit) {
            HistogramLayout layout = limited.layout();
            if (layout.hasCustomBuckets() || layout.schema() <= HistogramLayout.MIN_SCHEMA) {
                return null;
            }
            limited = reduced(limited, layout.schema() - 1);
        }
        return limited;
    }

    /** Those that hold something: empty ones do not count, as in Prometheus. */
    private static int buckets(NativeHistogram histogram) {
        HistogramLayout layout = histogram.layout();
        int buckets = 0;
        for (int i = 0; i < layout.positiveBuckets(); i++) {
            buckets += isEmpty(histogram, i, true) ? 0 : 1;
        }
        for (int i = 0; i < layout.negativeBuckets(); i++) {
            buckets += isEmpty(histogram, i, false) ? 0 : 1;
        }
        return buckets;
    }

    private static boolean isEmpty(NativeHistogram histogram, int i, boolean isPositive) {
        return switch (histogram) {
            case IntegerHistogram whole -> (isPositive ? whole.positiveCount(i) : whole.negativeCount(i)) == 0;
            case FloatHistogram fraction -> (isPositive ? fraction.positiveCount(i) : fraction.negativeCount(i)) == 0;
        };
    }

    /** The finest schema whose buckets grow by a factor at least. */
    private static int schemaOf(double minBucketFactor) {
        int schema = HistogramLayout.MAX_SCHEMA;
        while (schema > HistogramLayout.MIN_SCHEMA && Math.pow(2, Math.scalb(1.0, -schema)) < minBucketFactor) {
            schema--;
        }
        return schema;
    }

    static NativeHistogram reduced(NativeHistogram histogram, int schema) {
        HistogramLayout layout = histogram.layout();
        int steps = layout.schema() - schema;
        if (steps <= 0) {
            return histogram;
        }
        Side positive = new Side(layout.positiveSpans(), steps);
        Side negative = new Side(layout.negativeSpans(), steps);
        HistogramLayout coarse =
                HistogramLayout.exponential(schema, layout.zeroThreshold(), positive.spans, negative.spans);
        return switch (histogram) {
            case IntegerHistogram whole ->
                new IntegerHistogram(
                        whole.counterResetHint(),
                        coarse,
                        whole.count(),
                        whole.zeroCount(),
                        whole.sum(),
                        whole(whole, positive, true),
                        whole(whole, negative, false));
            case FloatHistogram fraction ->
                new FloatHistogram(
                        fraction.counterResetHint(),
                        coarse,
                        fraction.count(),
                        fraction.zeroCount(),
                        fraction.sum(),
                        fractions(fraction, positive, true),
                        fractions(fraction, negative, false));
        };
    }

    private static long[] whole(IntegerHistogram histogram, Side side, boolean isPositive) {
        long[] counts = new long[side.size];
        for (int i = 0; i < side.targets.length; i++) {
            counts[side.targets[i]] += isPositive ? histogram.positiveCount(i) : histogram.negativeCount(i);
        }
        return counts;
    }

    private static double[] fractions(FloatHistogram histogram, Side side, boolean isPositive) {
        double[] counts = new double[side.size];
        for (int i = 0; i < side.targets.length; i++) {
            counts[side.targets[i]] += isPositive ? histogram.positiveCount(i) : histogram.negativeCount(i);
        }
        return counts;
    }

    /** Where the buckets of one side go. */
    private static final class Side {
        final List<BucketSpan> spans = new ArrayList<>();
        /** For each bucket of old its new position. */
        final int[] targets;

        final int size;

        Side(List<BucketSpan> old, int steps) {
            int covered = 0;
            for (BucketSpan span : old) {
                covered += span.length();
            }
            targets = new int[covered];
            int position = 0;
            int index = 0;
            int made = 0;
            int last = 0;
            int spanStart = 0;
            int spanLength = 0;
            int spanEnd = 0;
            for (BucketSpan span : old) {
                index += span.offset();
                for (int i = 0; i < span.length(); i++, index++) {
                    int coarse = ((index - 1) >> steps) + 1;
                    if (made == 0 || coarse != last) {
                        if (made > 0 && coarse == last + 1) {
                            spanLength++;
                        } else {
                            if (made > 0) {
                                spans.add(new BucketSpan(spanStart - spanEnd, spanLength));
                                spanEnd = spanStart + spanLength;
                            }
                            spanStart = coarse;
                            spanLength = 1;
                        }
                        made++;
                        last = coarse;
                    }
                    targets[position++] = made - 1;
                }
            }
            if (made > 0) {
                spans.add(new BucketSpan(spanStart - spanEnd, spanLength));
            }
            size = made;
        }
    }
}
