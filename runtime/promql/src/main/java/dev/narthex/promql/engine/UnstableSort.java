// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import java.util.Collections;
import java.util.List;
import java.util.function.BiPredicate;

/**
 * Pattern-defeating quicksort (Peters, 2021) with the choices that the standard library of Go makes. Prometheus sorts with
 * it by rules that do not always say of two series which is first, so that their order is what this algorithm makes of it.
 * For one thread.
 */
final class UnstableSort<T> {
    private static final int MAX_INSERTION = 12;
    private static final int SHORTEST_NINTHER = 50;
    private static final int SHORTEST_SHIFTING = 50;
    private static final int MAX_SHIFTS = 5;
    private static final int MAX_SWAPS = 12;

    private final List<T> list;
    private final BiPredicate<? super T, ? super T> isBefore;
    private int swapsOfPivot;

    private UnstableSort(List<T> list, BiPredicate<? super T, ? super T> isBefore) {
        this.list = list;
        this.isBefore = isBefore;
    }

    /**
     * Sorts a list.
     *
     * @param isBefore whether the first goes before the second, which need not be the opposite of what it says the other way
     */
    static <T> void sort(List<T> list, BiPredicate<? super T, ? super T> isBefore) {
        new UnstableSort<>(list, isBefore).sort(0, list.size(), bits(list.size()));
    }

    private static int bits(int number) {
        return Integer.SIZE - Integer.numberOfLeadingZeros(number);
    }

    private boolean less(int one, int other) {
        return isBefore.test(list.get(one), list.get(other));
    }

    private void swap(int one, int other) {
        Collections.swap(list, one, other);
    }

    /** @param badChoices how many more pivots may be bad ones */
    private void sort(int from, int to, int badChoices) {
        int begin = from;
        int end = to;
        int left = badChoices;
        boolean balanced = true;
        boolean partitioned = true;
        while (end - begin > MAX_INSERTION) {
            if (left == 0) {
                sortByHeap(begin, end);
                return;
            }
            if (!balanced) {
                breakPatterns(begin, end);
                left--;
            }
            int pivot = pivot(begin, end);
            boolean increasing = swapsOfPivot == 0;
            if (swapsOfPivot == MAX_SWAPS) {
                Collections.reverse(list.subList(begin, end));
                pivot = end - 1 - (pivot - begin);
                increasing = true;
            }
            if (balanced && partitioned && increasing && sortSorted(begin, end)) {
                return;
            }
            if (begin > 0 && !less(begin - 1, pivot)) {
                begin = partitionEqual(begin, end, pivot);
                continue;
            }
            int length = end - begin;
            swap(begin, pivot);
            int place = partition(begin, end);
            partitioned = place < 0;
            int middle = partitioned ? ~place : place;
            if (middle - begin < end - middle) {
                balanced = middle - begin >= length / 8;
                sort(begin, middle, left);
                begin = middle + 1;
            } else {
                balanced = end - middle >= length / 8;
                sort(middle + 1, end, left);
                end = middle;
            }
        }
        sortByInsertion(begin, end);
    }

    private void sortByInsertion(int begin, int end) {
        for (int i = begin + 1; i < end; i++) {
            for (int j = i; j > begin && less(j, j - 1); j--) {
                swap(j, j - 1);
            }
        }
    }

    private void sortByHeap(int begin, int end) {
        int size = end - begin;
        for (int i = (size - 1) / 2; i >= 0; i--) {
            siftDown(begin, i, size);
        }
        for (int i = size - 1; i >= 0; i--) {
            swap(begin, begin + i);
            siftDown(begin, 0, i);
        }
    }

    private void siftDown(int begin, int from, int size) {
        int root = from;
        for (int child = 2 * root + 1; child < size; child = 2 * root + 1) {
            if (child + 1 < size && less(begin + child, begin + child + 1)) {
                child++;
            }
            if (!less(begin + root, begin + child)) {
                return;
            }
            swap(begin + root, begin + child);
            root = child;
        }
    }

    /**
     * Puts what is before the pivot, which is at the beginning, before it.
     *
     * @return where the pivot is then; its complement where all was so already
     */
    private int partition(int begin, int end) {
        boolean moved = false;
        int low = begin + 1;
        int high = end - 1;
        while (true) {
            while (low <= high && less(low, begin)) {
                low++;
            }
            while (low <= high && !less(high, begin)) {
                high--;
            }
            if (low > high) {
                swap(high, begin);
                return moved ? high : ~high;
            }
            moved = true;
            swap(low++, high--);
        }
    }

    /** Puts what is the same as the pivot before what is greater; returns where that begins. */
    private int partitionEqual(int begin, int end, int pivot) {
        swap(begin, pivot);
        int low = begin + 1;
        int high = end - 1;
        while (true) {
            while (low <= high && !less(begin, low)) {
                low++;
            }
            while (low <= high && less(begin, high)) {
                high--;
            }
            if (low > high) {
                return low;
            }
            swap(low++, high--);
        }
    }

    /** Whether it is sorted, or was with a few changes. */
    private boolean sortSorted(int begin, int end) {
        int at = begin + 1;
        for (int shifts = 0; shifts < MAX_SHIFTS; shifts++) {
            while (at < end && !less(at, at - 1)) {
                at++;
            }
            if (at == end) {
                return true;
            }
            if (end - begin < SHORTEST_SHIFTING) {
                return false;
            }
            swap(at, at - 1);
            if (at - begin >= 2) {
                for (int i = at - 1; i >= 1 && less(i, i - 1); i--) {
                    swap(i, i - 1);
                }
            }
            if (end - at >= 2) {
                for (int i = at + 1; i < end && less(i, i - 1); i++) {
                    swap(i, i - 1);
                }
            }
        }
        return false;
    }

    /** Changes a few, always the same ones, for the next pivot to be a better one. */
    private void breakPatterns(int begin, int end) {
        int length = end - begin;
        long random = length;
        int mask = (1 << bits(length)) - 1;
        int at = begin + length / 4 * 2 - 1;
        for (int i = 0; i < 3; i++) {
            random ^= random << 13;
            random ^= random >>> 7;
            random ^= random << 17;
            int other = (int) random & mask;
            swap(at - 1 + i, begin + (other >= length ? other - length : other));
        }
    }

    /** Chooses a pivot, and counts how many pairs it found in the wrong order. */
    private int pivot(int begin, int end) {
        int quarter = (end - begin) / 4;
        int low = begin + quarter;
        int middle = begin + 2 * quarter;
        int high = begin + 3 * quarter;
        swapsOfPivot = 0;
        if (end - begin >= SHORTEST_NINTHER) {
            low = median(low - 1, low, low + 1);
            middle = median(middle - 1, middle, middle + 1);
            high = median(high - 1, high, high + 1);
        }
        return median(low, middle, high);
    }

    private int median(int one, int two, int three) {
        int low = one;
        int middle = two;
        int high = three;
        if (less(middle, low)) {
            swapsOfPivot++;
            int former = low;
            low = middle;
            middle = former;
        }
        if (less(high, middle)) {
            swapsOfPivot++;
            middle = high;
        }
        if (less(middle, low)) {
            swapsOfPivot++;
            middle = low;
        }
        return middle;
    }
}
