// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.chunk;

import dev.narthex.model.BucketSpan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The union of the buckets of two histograms on one side. Counts are passed as arrays in the order of the spans, as
 * numbers or as bits of floats. Reused; for one thread.
 */
final class BucketMerge {
    /** The position of a bucket of the union in the first histogram, -1 where it has it not. */
    private int[] inFirst = new int[64];

    private int[] inSecond = new int[64];
    private int[] indexes = new int[64];
    private int count;
    private boolean firstShort;
    private boolean secondShort;

    void merge(List<BucketSpan> first, List<BucketSpan> second) {
        count = 0;
        firstShort = false;
        secondShort = false;
        Cursor one = new Cursor(first);
        Cursor other = new Cursor(second);
        while (one.isOn() || other.isOn()) {
            if (count == indexes.length) {
                indexes = Arrays.copyOf(indexes, 2 * count);
                inFirst = Arrays.copyOf(inFirst, 2 * count);
                inSecond = Arrays.copyOf(inSecond, 2 * count);
            }
            int index = !other.isOn() || (one.isOn() && one.index <= other.index) ? one.index : other.index;
            boolean hasFirst = one.isOn() && one.index == index;
            boolean hasSecond = other.isOn() && other.index == index;
            indexes[count] = index;
            inFirst[count] = hasFirst ? one.position : -1;
            inSecond[count] = hasSecond ? other.position : -1;
            count++;
            firstShort |= !hasFirst;
            secondShort |= !hasSecond;
            if (hasFirst) {
                one.next();
            }
            if (hasSecond) {
                other.next();
            }
        }
    }

    /** Whether the second histogram has buckets that the first one has not. */
    boolean isFirstShort() {
        return firstShort;
    }

    /** Whether the first histogram has buckets that the second one has not. */
    boolean isSecondShort() {
        return secondShort;
    }

    /** The union as spans that do not touch each other. */
    List<BucketSpan> spans() {
        List<BucketSpan> spans = new ArrayList<>();
        int next = 0;
        for (int i = 0; i < count; ) {
            int length = 1;
            while (i + length < count && indexes[i + length] == indexes[i] + length) {
                length++;
            }
            spans.add(new BucketSpan(indexes[i] - next, length));
            next = indexes[i] + length;
            i += length;
        }
        return spans;
    }

    /** Copies the counts of the first histogram to their places in the union. */
    void copyFirst(long[] from, int fromAt, long[] into, int intoAt) {
        copy(inFirst, from, fromAt, into, intoAt);
    }

    /** Copies the counts of the second histogram to their places in the union. */
    void copySecond(long[] from, int fromAt, long[] into, int intoAt) {
        copy(inSecond, from, fromAt, into, intoAt);
    }

    private void copy(int[] positions, long[] from, int fromAt, long[] into, int intoAt) {
        for (int i = 0; i < count; i++) {
            if (positions[i] >= 0) {
                into[intoAt + i] = from[fromAt + positions[i]];
            }
        }
    }

    /** Whether any bucket of the second histogram counts less than that of the first one; a missing one counts zero. */
    boolean isAnyLess(long[] first, int firstAt, long[] second, int secondAt, boolean floats) {
        for (int i = 0; i < count; i++) {
            if (inFirst[i] >= 0) {
                long next = inSecond[i] >= 0 ? second[secondAt + inSecond[i]] : 0;
                if (isLess(next, first[firstAt + inFirst[i]], floats)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether all buckets have the same counts, to the bit; a missing one counts zero. */
    boolean isEqual(long[] first, int firstAt, long[] second, int secondAt) {
        for (int i = 0; i < count; i++) {
            long one = inFirst[i] >= 0 ? first[firstAt + inFirst[i]] : 0;
            long other = inSecond[i] >= 0 ? second[secondAt + inSecond[i]] : 0;
            if (one != other) {
                return false;
            }
        }
        return true;
    }

    static boolean isLess(long one, long other, boolean floats) {
        return floats
                ? Double.longBitsToDouble(one) < Double.longBitsToDouble(other)
                : Long.compareUnsigned(one, other) < 0;
    }

    /** Goes through the buckets of spans. */
    private static final class Cursor {
        private final List<BucketSpan> spans;
        private int span;
        private int left;
        int index;
        int position;

        Cursor(List<BucketSpan> spans) {
            this.spans = spans;
            enter();
        }

        boolean isOn() {
            return left > 0;
        }

        void next() {
            index++;
            position++;
            left--;
            if (left == 0) {
                span++;
                enter();
            }
        }

        /** Goes to the first bucket from the beginning of the current span on. */
        private void enter() {
            while (span < spans.size()) {
                index += spans.get(span).offset();
                left = spans.get(span).length();
                if (left > 0) {
                    return;
                }
                span++;
            }
        }
    }
}
