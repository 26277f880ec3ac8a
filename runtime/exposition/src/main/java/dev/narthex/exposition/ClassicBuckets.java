// SPDX-License-Identifier: Apache-2.0
package dev.narthex.exposition;

import dev.narthex.model.BucketSpan;
import dev.narthex.model.CounterResetHint;
import dev.narthex.model.FloatHistogram;
import dev.narthex.model.HistogramLayout;
import dev.narthex.model.IntegerHistogram;
import dev.narthex.model.InvalidHistogramException;
import dev.narthex.model.NativeHistogram;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * The samples of one classic histogram, and the native histogram with custom buckets that says the same. For one thread;
 * its memory is kept.
 */
final class ClassicBuckets {
    private double[] bounds = new double[16];
    private double[] cumulative = new double[16];
    private int size;
    private boolean ascending = true;
    private double count;
    private boolean counted;
    private double sum;

    void clear() {
        size = 0;
        ascending = true;
        counted = false;
        count = 0;
        sum = 0;
    }

    void bucket(double bound, double value) {
        if (size == bounds.length) {
            bounds = Arrays.copyOf(bounds, 2 * size);
            cumulative = Arrays.copyOf(cumulative, 2 * size);
        }
        ascending &= size == 0 || bounds[size - 1] < bound;
        bounds[size] = bound;
        cumulative[size] = value;
        size++;
    }

    private record Bucket(double bound, double cumulative) {}

    /** Puts buckets in order of their bounds; of those with one bound the first stays. */
    private void sort() {
        List<Bucket> buckets = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            buckets.add(new Bucket(bounds[i], cumulative[i]));
        }
        buckets.sort(Comparator.comparingDouble(Bucket::bound));
        size = 0;
        for (Bucket bucket : buckets) {
            if (size == 0 || bounds[size - 1] != bucket.bound) {
                bounds[size] = bucket.bound;
                cumulative[size] = bucket.cumulative;
                size++;
            }
        }
        ascending = true;
    }

    void count(double value) {
        count = value;
        counted = true;
    }

    void sum(double value) {
        sum = value;
    }

    /**
     * The native histogram.
     *
     * @throws InvalidHistogramException where the samples do not belong together
     */
    NativeHistogram toNative(boolean gauge) {
        if (!ascending) {
            sort();
        }
        boolean infinite = size > 0 && bounds[size - 1] == Double.POSITIVE_INFINITY;
        int finite = infinite ? size - 1 : size;
        double total = infinite ? cumulative[size - 1] : counted ? count : finite > 0 ? cumulative[finite - 1] : 0;
        boolean whole = isWhole(total);
        double before = 0;
        double[] counts = new double[finite + 1];
        List<Double> customValues = new ArrayList<>(finite);
        for (int i = 0; i <= finite; i++) {
            double upTo = i == finite ? total : cumulative[i];
            if (upTo < before) {
                throw new InvalidHistogramException("count is not cumulative: " + upTo + " after " + before);
            }
            counts[i] = upTo - before;
            whole &= isWhole(upTo);
            before = upTo;
            if (i < finite) {
                customValues.add(bounds[i]);
            }
        }
        if (counted && count != total && !(Double.isNaN(count) && Double.isNaN(total))) {
            throw new InvalidHistogramException("count mismatch: " + count + ", the last bucket has " + total);
        }
        HistogramLayout layout = HistogramLayout.custom(customValues, List.of(new BucketSpan(0, counts.length)));
        CounterResetHint hint = gauge ? CounterResetHint.GAUGE : CounterResetHint.UNKNOWN;
        NativeHistogram histogram = whole
                ? new IntegerHistogram(hint, layout, (long) total, 0, sum, rounded(counts), new long[0])
                : new FloatHistogram(hint, layout, total, 0, sum, counts, new double[0]);
        histogram.validate();
        return histogram;
    }

    private static boolean isWhole(double value) {
        return value == Math.rint(value) && Math.abs(value) < 0x1p63;
    }

    private static long[] rounded(double[] counts) {
        long[] rounded = new long[counts.length];
        for (int i = 0; i < counts.length; i++) {
            rounded[i] = (long) counts[i];
        }
        return rounded;
    }
}
