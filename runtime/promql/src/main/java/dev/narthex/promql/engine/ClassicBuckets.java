// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import org.jspecify.annotations.Nullable;

/** The buckets of a classic histogram at a step, by upper bound; each bound once, no count below the one before. */
final class ClassicBuckets {
    /** Counts that differ by no more than this, relatively, are the same: rounding, not a lost bucket. */
    private static final double TOLERANCE = 1e-12;

    private final double[] bounds;
    private final double[] counts;
    /** How many buckets were added. */
    private int added;
    /** How many there are, each with a bound of its own; the places behind them have what was there before. */
    private int size;
    /** By how much a count was below the one before at most, and the bounds of the first and the last such bucket. */
    private double maxFall;

    private double lowestFall;
    private double highestFall;

    ClassicBuckets(int capacity) {
        bounds = new double[capacity];
        counts = new double[capacity];
    }

    void clear() {
        added = 0;
        size = 0;
        maxFall = 0;
    }

    /** Adds a bucket; those of one bound come one after the other. */
    void add(double bound, double count) {
        bounds[added] = bound;
        counts[added++] = count;
    }

    /**
     * Puts the buckets of one bound together, after which there are estimates.
     *
     * @param estimates how many estimates of the same histogram came before. As in Prometheus, each of them finds the places
     *     that became free when the one before put buckets together, and counts what is left there once more
     */
    void merge(int estimates) {
        for (int i = 0; i < estimates && size < added; i++) {
            merge();
            makeMonotonic();
            maxFall = 0;
            sort();
        }
        merge();
    }

    private void merge() {
        size = 0;
        for (int i = 0; i < added; i++) {
            if (size > 0 && bounds[size - 1] == bounds[i]) {
                counts[size - 1] += counts[i];
            } else {
                bounds[size] = bounds[i];
                counts[size++] = counts[i];
            }
        }
    }

    private void sort() {
        for (int i = size; i < added; i++) {
            double bound = bounds[i];
            double count = counts[i];
            int at = i;
            for (; at > 0 && bounds[at - 1] > bound; at--) {
                bounds[at] = bounds[at - 1];
                counts[at] = counts[at - 1];
            }
            bounds[at] = bound;
            counts[at] = count;
        }
    }

    private void makeMonotonic() {
        double before = counts[0];
        for (int i = 1; i < size; i++) {
            if (counts[i] == before) {
                continue;
            }
            if (isAlmostEqual(before, counts[i])) {
                counts[i] = before;
            } else if (counts[i] < before) {
                lowestFall = maxFall == 0 ? bounds[i] : lowestFall;
                highestFall = bounds[i];
                maxFall = Math.max(maxFall, before - counts[i]);
                counts[i] = before;
            } else {
                before = counts[i];
            }
        }
    }

    private static boolean isAlmostEqual(double a, double b) {
        double difference = Math.abs(a - b);
        double size = Math.abs(a) + Math.abs(b);
        return difference < TOLERANCE * Math.min(size, Double.MAX_VALUE);
    }

    boolean isEmpty() {
        return added == 0;
    }

    /** Where counts fell from one bucket to the next, of which there is nothing to say where they did not. */
    @Nullable
    NonMonotonicBuckets falls(long timeMs) {
        return maxFall > 0 ? new NonMonotonicBuckets(lowestFall, highestFall, maxFall, 1, timeMs, timeMs) : null;
    }

    private boolean isUsable() {
        return size > 0 && bounds[size - 1] == Double.POSITIVE_INFINITY;
    }

    double quantile(double quantile) {
        if (Double.isNaN(quantile)) {
            return Double.NaN;
        }
        if (quantile < 0) {
            return Double.NEGATIVE_INFINITY;
        }
        if (quantile > 1) {
            return Double.POSITIVE_INFINITY;
        }
        // One bucket alone tells nothing of where in it observations are.
        if (!isUsable() || size < 2) {
            return Double.NaN;
        }
        makeMonotonic();
        double observations = counts[size - 1];
        if (observations == 0) {
            return Double.NaN;
        }
        double rank = quantile * observations;
        int at = 0;
        while (at < size - 1 && !(counts[at] >= rank)) {
            at++;
        }
        if (at == size - 1) {
            return bounds[size - 2];
        }
        if (at == 0 && bounds[0] <= 0) {
            return bounds[0];
        }
        double start = at == 0 ? 0 : bounds[at - 1];
        double below = at == 0 ? 0 : counts[at - 1];
        return start + (bounds[at] - start) * ((rank - below) / (counts[at] - below));
    }

    /** The share of the observations between two bounds. */
    double fraction(double lower, double upper) {
        if (!isUsable()) {
            return Double.NaN;
        }
        double observations = counts[size - 1];
        if (observations == 0 || Double.isNaN(lower) || Double.isNaN(upper)) {
            return Double.NaN;
        }
        if (lower >= upper) {
            return 0;
        }
        // Flawed counts may be greater than the last one.
        return (Math.min(rank(upper), observations) - Math.min(rank(lower), observations)) / observations;
    }

    /** How many observations are below a bound; within a bucket they are taken as spread evenly. */
    private double rank(double bound) {
        for (int i = 0; i < size; i++) {
            if (bound <= bounds[i]) {
                double start = i == 0 ? Math.min(0, bounds[0]) : bounds[i - 1];
                double below = i == 0 ? 0 : counts[i - 1];
                if (bound == bounds[i]) {
                    return counts[i];
                }
                if (i == 0 && bounds[0] <= 0) {
                    return bound < bounds[0] ? 0 : counts[0];
                }
                if (bound <= start || bounds[i] == Double.POSITIVE_INFINITY) {
                    return below;
                }
                return below + (counts[i] - below) * (bound - start) / (bounds[i] - start);
            }
        }
        return counts[size - 1];
    }
}
