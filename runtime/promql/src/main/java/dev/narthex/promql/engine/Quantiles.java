// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import java.util.Arrays;

/** Quantiles of sorted numbers. */
final class Quantiles {
    private Quantiles() {}

    /** Above so many numbers they are sorted in pieces. */
    private static final int PIECE = Progress.PIECE;

    /** Sorts with not-a-numbers first. */
    static void sort(double[] values, Progress progress) {
        sort(values, values.length, progress);
    }

    /** Sorts the first ones with not-a-numbers first. */
    static void sort(double[] values, int size, Progress progress) {
        // The order of the platform has not-a-numbers last.
        int notNumbers = 0;
        for (int i = 0; i < size; ) {
            int end = progress.pieceEnd(i, size);
            for (; i < end; i++) {
                if (Double.isNaN(values[i])) {
                    double value = values[i];
                    values[i] = values[notNumbers];
                    values[notNumbers++] = value;
                }
            }
        }
        if (size - notNumbers <= PIECE) {
            progress.work(8L * (size - notNumbers));
            Arrays.sort(values, notNumbers, size);
        } else {
            sortInPieces(values, notNumbers, size, progress);
        }
    }

    /** Sorts pieces, then merges two and two: between them the query can be ended. */
    private static void sortInPieces(double[] values, int from, int to, Progress progress) {
        for (int start = from; start < to; start += PIECE) {
            progress.look();
            Arrays.sort(values, start, Math.min(to, start + PIECE));
        }
        double[] source = values;
        double[] target = new double[to];
        boolean inPlace = true;
        for (long length = PIECE; length < to - from; length *= 2) {
            for (long start = from; start < to; start += 2 * length) {
                int middle = (int) Math.min(to, start + length);
                merge(source, (int) start, middle, (int) Math.min(to, start + 2 * length), target, progress);
            }
            double[] merged = target;
            target = source;
            source = merged;
            inPlace = !inPlace;
        }
        if (!inPlace) {
            for (int i = from; i < to; ) {
                int end = progress.pieceEnd(i, to);
                System.arraycopy(source, i, values, i, end - i);
                i = end;
            }
        }
    }

    private static void merge(double[] source, int start, int middle, int end, double[] target, Progress progress) {
        int left = start;
        int right = middle;
        for (int at = start; at < end; at++) {
            if ((at & (PIECE - 1)) == 0) {
                progress.look();
            }
            boolean takesLeft = left < middle && (right == end || Double.compare(source[left], source[right]) <= 0);
            target[at] = takesLeft ? source[left++] : source[right++];
        }
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
