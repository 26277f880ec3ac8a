// SPDX-License-Identifier: Apache-2.0
package dev.narthex.model;

import java.util.Arrays;

/**
 * The buckets of one side of a histogram while it is calculated with: their indexes, ascending, their counts, and what
 * rounding has lost of each count where sums are compensated. Not changed by its methods.
 *
 * @param indexes the index of each bucket
 * @param counts the count of each bucket
 * @param lost the compensation of each count, empty where there is none
 */
@SuppressWarnings("ArrayRecordComponent")
record HistogramSide(int[] indexes, double[] counts, double[] lost) {
    static final double[] EXACT = {};

    int size() {
        return indexes.length;
    }

    boolean isCompensated() {
        return lost.length > 0;
    }

    private double lostAt(int position) {
        return lost.length > 0 ? lost[position] : 0;
    }

    /** The buckets of a schema that is coarser by some steps, each of which merges two neighbours. */
    HistogramSide coarser(int steps) {
        int[] mapped = new int[indexes.length];
        for (int i = 0; i < mapped.length; i++) {
            mapped[i] = ((indexes[i] - 1) >> steps) + 1;
        }
        return grouped(mapped);
    }

    /** Puts buckets together that have the same new index; the new indexes ascend. */
    HistogramSide grouped(int[] mapped) {
        int[] newIndexes = new int[mapped.length];
        double[] newCounts = new double[mapped.length];
        double[] newLost = lost.length > 0 ? new double[mapped.length] : EXACT;
        int size = 0;
        for (int i = 0; i < mapped.length; i++) {
            if (size == 0 || newIndexes[size - 1] != mapped[i]) {
                newIndexes[size] = mapped[i];
                newCounts[size] = counts[i];
                if (newLost.length > 0) {
                    newLost[size] = lost[i];
                }
                size++;
            } else if (newLost.length > 0) {
                double sum = newCounts[size - 1] + counts[i];
                newLost[size - 1] =
                        CompensatedAddition.lost(newCounts[size - 1], counts[i], sum, newLost[size - 1] + lost[i]);
                newCounts[size - 1] = sum;
            } else {
                newCounts[size - 1] += counts[i];
            }
        }
        return new HistogramSide(
                Arrays.copyOf(newIndexes, size),
                Arrays.copyOf(newCounts, size),
                newLost.length > 0 ? Arrays.copyOf(newLost, size) : EXACT);
    }

    /** The buckets from a position on. */
    HistogramSide from(int position) {
        return new HistogramSide(
                Arrays.copyOfRange(indexes, position, indexes.length),
                Arrays.copyOfRange(counts, position, counts.length),
                lost.length > 0 ? Arrays.copyOfRange(lost, position, lost.length) : EXACT);
    }

    /** These buckets and, with a count of 0, those of other indexes. */
    HistogramSide withBucketsOf(int[] others) {
        int[] union = new int[indexes.length + others.length];
        double[] newCounts = new double[union.length];
        double[] newLost = lost.length > 0 ? new double[union.length] : EXACT;
        int size = 0;
        int mine = 0;
        int other = 0;
        while (mine < indexes.length || other < others.length) {
            boolean takeMine = other == others.length || (mine < indexes.length && indexes[mine] <= others[other]);
            if (takeMine) {
                if (other < others.length && others[other] == indexes[mine]) {
                    other++;
                }
                union[size] = indexes[mine];
                newCounts[size] = counts[mine];
                if (newLost.length > 0) {
                    newLost[size] = lostAt(mine);
                }
                mine++;
            } else {
                union[size] = others[other++];
            }
            size++;
        }
        if (size == indexes.length) {
            return this;
        }
        return new HistogramSide(
                Arrays.copyOf(union, size),
                Arrays.copyOf(newCounts, size),
                newLost.length > 0 ? Arrays.copyOf(newLost, size) : EXACT);
    }

    /** The sum with buckets of the same or further indexes, the counts of which are taken times a factor. */
    HistogramSide plus(HistogramSide other, double factor) {
        HistogramSide union = withBucketsOf(other.indexes);
        double[] sums = union.counts.clone();
        int at = 0;
        for (int i = 0; i < other.indexes.length; i++) {
            while (union.indexes[at] < other.indexes[i]) {
                at++;
            }
            sums[at] += factor * other.counts[i];
        }
        return new HistogramSide(union.indexes, sums, EXACT);
    }

    /** Without the buckets that have a count of 0. */
    HistogramSide withoutEmpty() {
        int kept = 0;
        for (double count : counts) {
            if (count != 0) {
                kept++;
            }
        }
        if (kept == counts.length) {
            return this;
        }
        int[] newIndexes = new int[kept];
        double[] newCounts = new double[kept];
        int size = 0;
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] != 0) {
                newIndexes[size] = indexes[i];
                newCounts[size++] = counts[i];
            }
        }
        return new HistogramSide(newIndexes, newCounts, EXACT);
    }

    /** Whether a bucket of an earlier histogram with the same bounds had more, or is not there any more. */
    boolean isBelow(HistogramSide earlier) {
        int at = 0;
        for (int i = 0; i < earlier.size(); i++) {
            while (at < size() && indexes[at] < earlier.indexes[i]) {
                at++;
            }
            boolean present = at < size() && indexes[at] == earlier.indexes[i];
            if (present ? counts[at] < earlier.counts[i] : earlier.counts[i] != 0) {
                return true;
            }
        }
        return false;
    }
}
