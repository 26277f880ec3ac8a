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

    /** The same, where it is kept what rounding will lose. */
    HistogramSide compensated() {
        return isCompensated() ? this : new HistogramSide(indexes, counts, new double[counts.length]);
    }

    /** The counts at other indexes, which ascend and may repeat themselves. */
    HistogramSide at(int[] otherIndexes) {
        return new HistogramSide(otherIndexes, counts, lost);
    }

    /** The buckets of a schema that is coarser by some steps, each of which merges two neighbours. */
    HistogramSide coarser(int steps) {
        return grouped(coarserIndexes(indexes, steps), true);
    }

    /** The indexes that buckets have in a schema that is coarser by some steps. */
    static int[] coarserIndexes(int[] indexes, int steps) {
        if (steps == 0) {
            return indexes;
        }
        int[] mapped = new int[indexes.length];
        for (int i = 0; i < mapped.length; i++) {
            mapped[i] = ((indexes[i] - 1) >> steps) + 1;
        }
        return mapped;
    }

    /**
     * Puts buckets together that have the same new index.
     *
     * @param mapped the new indexes, which ascend
     * @param kept whether the first of each is taken as it is, rather than added to 0 as the others are, which may make
     *     another last bit of what is compensated
     */
    HistogramSide grouped(int[] mapped, boolean kept) {
        int[] newIndexes = new int[mapped.length];
        double[] newCounts = new double[mapped.length];
        double[] newLost = lost.length > 0 ? new double[mapped.length] : EXACT;
        int size = 0;
        for (int i = 0; i < mapped.length; i++) {
            boolean first = size == 0 || newIndexes[size - 1] != mapped[i];
            if (first) {
                newIndexes[size++] = mapped[i];
            }
            if (first && kept) {
                newCounts[size - 1] = counts[i];
                if (newLost.length > 0) {
                    newLost[size - 1] = lost[i];
                }
            } else if (newLost.length > 0) {
                add(newCounts, newLost, size - 1, counts[i]);
                add(newCounts, newLost, size - 1, lost[i]);
            } else {
                newCounts[size - 1] += counts[i];
            }
        }
        return new HistogramSide(
                Arrays.copyOf(newIndexes, size),
                Arrays.copyOf(newCounts, size),
                newLost.length > 0 ? Arrays.copyOf(newLost, size) : EXACT);
    }

    private static void add(double[] sums, double[] lost, int at, double value) {
        double sum = sums[at] + value;
        lost[at] = CompensatedAddition.lost(sums[at], value, sum, lost[at]);
        sums[at] = sum;
    }

    /** The buckets from a position on. */
    HistogramSide from(int position) {
        if (position == 0) {
            return this;
        }
        return new HistogramSide(
                Arrays.copyOfRange(indexes, position, indexes.length),
                Arrays.copyOfRange(counts, position, counts.length),
                lost.length > 0 ? Arrays.copyOfRange(lost, position, lost.length) : EXACT);
    }

    /** These buckets and, with a count of 0, those of other indexes, which ascend and may repeat themselves. */
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
                while (other < others.length && others[other] == indexes[mine]) {
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
                while (other < others.length && others[other] == union[size]) {
                    other++;
                }
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

    /**
     * The sum with buckets, each of which is added by itself.
     *
     * @param added the buckets; some that follow each other may have the same index
     * @param from the first of them that is added
     * @param factor by which they are multiplied
     * @param compensated whether it is kept what rounding loses
     */
    HistogramSide plus(HistogramSide added, int from, double factor, boolean compensated) {
        HistogramSide union =
                withBucketsOf(from == 0 ? added.indexes : Arrays.copyOfRange(added.indexes, from, added.size()));
        double[] sums = union.counts.clone();
        double[] lostOfSums = compensated && !union.isCompensated() ? new double[sums.length] : union.lost.clone();
        int at = 0;
        int mine = 0;
        for (int i = from; i < added.size(); i++) {
            while (union.indexes[at] < added.indexes[i]) {
                at++;
            }
            while (mine < indexes.length && indexes[mine] < added.indexes[i]) {
                mine++;
            }
            boolean absent = (mine == indexes.length || indexes[mine] != added.indexes[i])
                    && (i == from || added.indexes[i - 1] != added.indexes[i]);
            if (absent && added.isCompensated() && lostOfSums.length > 0) {
                // As in Prometheus: a bucket that was not there is taken over, rather than added to nothing.
                sums[at] = factor * added.counts[i];
                lostOfSums[at] = factor * added.lost[i];
            } else if (lostOfSums.length == 0) {
                sums[at] += factor * added.counts[i];
            } else {
                add(sums, lostOfSums, at, factor * added.counts[i]);
                if (added.isCompensated()) {
                    add(sums, lostOfSums, at, factor * added.lost[i]);
                }
            }
        }
        return new HistogramSide(union.indexes, sums, lostOfSums);
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
        double[] newLost = lost.length > 0 ? new double[kept] : EXACT;
        int size = 0;
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] != 0) {
                newIndexes[size] = indexes[i];
                if (newLost.length > 0) {
                    newLost[size] = lost[i];
                }
                newCounts[size++] = counts[i];
            }
        }
        return new HistogramSide(newIndexes, newCounts, newLost);
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
