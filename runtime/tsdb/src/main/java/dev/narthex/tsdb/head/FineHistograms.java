// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import dev.narthex.model.BucketSpan;
import dev.narthex.model.FloatHistogram;
import dev.narthex.model.HistogramLayout;
import dev.narthex.model.IntegerHistogram;
import dev.narthex.model.NativeHistogram;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * Histograms whose buckets are finer than what is stored: buckets are merged until they are not, as a Prometheus 3.15 does.
 */
final class FineHistograms {
    private FineHistograms() {}

    /** The histogram with a schema that may be stored; itself where it has one. */
    static NativeHistogram reduced(NativeHistogram histogram) {
        if (histogram.layout().schema() <= HistogramLayout.MAX_SCHEMA) {
            return histogram;
        }
        return switch (histogram) {
            case FloatHistogram floating -> floating.reducedTo(HistogramLayout.MAX_SCHEMA);
            case IntegerHistogram integer -> reduced(integer);
        };
    }

    private static IntegerHistogram reduced(IntegerHistogram fine) {
        HistogramLayout layout = fine.layout();
        Side positive = new Side(layout.positiveBuckets());
        for (int i = 0; i < layout.positiveBuckets(); i++) {
            positive.add(coarse(layout::positiveIndex, i, layout.schema()), fine.positiveCount(i));
        }
        Side negative = new Side(layout.negativeBuckets());
        for (int i = 0; i < layout.negativeBuckets(); i++) {
            negative.add(coarse(layout::negativeIndex, i, layout.schema()), fine.negativeCount(i));
        }
        return new IntegerHistogram(
                fine.counterResetHint(),
                HistogramLayout.exponential(
                        HistogramLayout.MAX_SCHEMA, layout.zeroThreshold(), positive.spans(), negative.spans()),
                fine.count(),
                fine.zeroCount(),
                fine.sum(),
                positive.counts(),
                negative.counts());
    }

    private static int coarse(IntUnaryOperator index, int position, int schema) {
        int levels = Math.min(31, schema - HistogramLayout.MAX_SCHEMA);
        return ((index.applyAsInt(position) - 1) >> levels) + 1;
    }

    /** Buckets of one side, in order. */
    private static final class Side {
        private final int[] indexes;
        private final long[] counts;
        private int size;

        Side(int most) {
            indexes = new int[most];
            counts = new long[most];
        }

        void add(int index, long count) {
            if (size == 0 || indexes[size - 1] != index) {
                indexes[size++] = index;
            }
            counts[size - 1] += count;
        }

        long[] counts() {
            return Arrays.copyOf(counts, size);
        }

        List<BucketSpan> spans() {
            List<BucketSpan> spans = new ArrayList<>();
            int end = 0;
            for (int from = 0; from < size; ) {
                int to = from + 1;
                while (to < size && indexes[to] == indexes[to - 1] + 1) {
                    to++;
                }
                spans.add(new BucketSpan(indexes[from] - end, to - from));
                end = indexes[to - 1] + 1;
                from = to;
            }
            return spans;
        }
    }
}
