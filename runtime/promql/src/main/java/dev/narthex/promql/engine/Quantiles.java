// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import java.util.Arrays;

/** Quantiles of sorted numbers. */
final class Quantiles {
    private Quantiles() {}

    /** Sorts with not-a-numbers first. */
    static void sort(double[] values) {
        sort(values, values.length);
    }

    /** Sorts the first ones with not-a-numbers first. */
    static void sort(double[] values, int size) {
        // The order of the platform has not-a-numbers last.
        int notNumbers = 0;
        for (int i = 0; i < size; i++) {
            if (Double.isNaN(values[i])) {
                double value = values[i];
                values[i] = values[notNumbers];
                values[notNumbers++] = value;
            }
        }
        Arrays.sort(values, notNumbers, size);
    }

    /**
     * A quantile of sorted numbers, interpolated between neighbours: not a number where there is none or the quantile is
     * none, infinite where the quantile is below 0 or above 1.
     */
    static double ofSorted(double quantile, double[] sorted, int size) {
        if (size == 0 || Double.isNaN(quantile)) {
            return Double.NaN;
        }
        if (quantile < 0) {
            return Double.NEGATIVE_INFINITY;
        }
        if (quantile > 1) {
            return Double.POSITIVE_INFINITY;
        }
        double rank = quantile * (size - 1);
        int lower = (int) Math.max(0, Math.floor(rank));
        int upper = Math.min(size - 1, lower + 1);
        double weight = rank - Math.floor(rank);
        return sorted[lower] * (1 - weight) + sorted[upper] * weight;
    }
}
