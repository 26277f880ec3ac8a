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
import java.util.List;

/**
 * The samples of one classic histogram, and the native histogram with custom buckets that says the same. For one thread;
 * its memory is kept.
 *
 * <p>A sample that contradicts those before makes the whole unusable, and later ones are not looked at any more. Samples
 * that agree with each other, yet count more in a bucket than in all, are kept and may come to something when another
 * count is set: Prometheus 3.15 takes over such samples into the histogram that comes next.
 */
final class ClassicBuckets {
    private double[] bounds = new double[16];
    private double[] cumulative = new double[16];
    private int size;
    private double count;
    private boolean counted;
    private double sum;
    private String problem = "";

    void clear() {
        size = 0;
        counted = false;
        count = 0;
        sum = 0;
        problem = "";
    }

    /** Takes a bucket; of those with one bound the first stays. */
    void bucket(double bound, double value) {
        if (!problem.isEmpty()) {
            return;
        }
        if (value < 0) {
            problem = "bucket count is negative: " + value;
            return;
        }
        int place = size;
        while (place > 0 && bounds[place - 1] > bound) {
            place--;
        }
        if (place > 0 && bounds[place - 1] == bound) {
            return;
        }
        if (place > 0 && value < cumulative[place - 1]) {
            problem = "count is not cumulative: " + value + " after " + cumulative[place - 1];
        } else if (place < size && cumulative[place] < value) {
            problem = "count is not cumulative: " + cumulative[place] + " after " + value;
        } else {
            insert(place, bound, value);
        }
    }

    private void insert(int place, double bound, double value) {
        if (size == bounds.length) {
            bounds = Arrays.copyOf(bounds, 2 * size);
            cumulative = Arrays.copyOf(cumulative, 2 * size);
        }
        System.arraycopy(bounds, place, bounds, place + 1, size - place);
        System.arraycopy(cumulative, place, cumulative, place + 1, size - place);
        bounds[place] = bound;
        cumulative[place] = value;
        size++;
    }

    /** Takes the number of observations; the last one counts. */
    void count(double value) {
        if (!problem.isEmpty()) {
            return;
        }
        if (value < 0 || Double.isNaN(value)) {
            problem = "count is no count: " + value;
            return;
        }
        count = value;
        counted = true;
    }

    void sum(double value) {
        if (problem.isEmpty()) {
            sum = value;
        }
    }

    /** Why nothing can come of these samples whatever follows; empty where something may. */
    String problem() {
        if (!problem.isEmpty()) {
            return problem;
        }
        boolean infinite = hasInfinite();
        if (infinite && counted && count != cumulative[size - 1]) {
            return "count mismatch: " + count + ", the last bucket has " + cumulative[size - 1];
        }
        return Double.isNaN(total()) ? "count is no count: NaN" : "";
    }

    private boolean hasInfinite() {
        return size > 0 && bounds[size - 1] == Double.POSITIVE_INFINITY;
    }

    private double total() {
        return hasInfinite() || (!counted && size > 0) ? cumulative[size - 1] : counted ? count : 0;
    }

    /**
     * The native histogram of samples without a {@link #problem}.
     *
     * @throws InvalidHistogramException where a bucket counts more than there are observations
     */
    NativeHistogram toNative(boolean gauge) {
        int finite = hasInfinite() ? size - 1 : size;
        double total = total();
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
