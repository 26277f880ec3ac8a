// SPDX-License-Identifier: Apache-2.0
package dev.narthex.storage;

import java.util.Arrays;

/**
 * Sorts references to series, of which there may be millions, in pieces: between two of them it looks whether anybody still
 * waits. No longer list than a piece costs more than {@link Arrays#sort(int[])}.
 */
public final class ReferenceSort {
    /** How many are sorted or merged between two looks, which takes some milliseconds. */
    static final int PIECE = 1 << 16;

    private ReferenceSort() {}

    /**
     * Sorts the first entries of a list.
     *
     * @param count how many
     * @throws ReadCanceledException when the thread was interrupted; then the list is in any order
     */
    public static void sort(int[] refs, int count) {
        for (int from = 0; from < count; from += PIECE) {
            ReadCanceledException.throwIfInterrupted();
            Arrays.sort(refs, from, Math.min(count, from + PIECE));
        }
        if (count <= PIECE) {
            return;
        }
        int[] source = refs;
        int[] target = new int[count];
        boolean elsewhere = false;
        for (long width = PIECE; width < count; width *= 2) {
            for (long from = 0; from < count; from += 2 * width) {
                merge(source, target, (int) from, end(from + width, count), end(from + 2 * width, count));
            }
            int[] merged = target;
            target = source;
            source = merged;
            elsewhere = !elsewhere;
        }
        if (elsewhere) {
            System.arraycopy(source, 0, refs, 0, count);
        }
    }

    private static void merge(int[] source, int[] target, int from, int middle, int end) {
        int left = from;
        int right = middle;
        for (int i = from; i < end; i++) {
            if ((i & (PIECE - 1)) == 0) {
                ReadCanceledException.throwIfInterrupted();
            }
            boolean takeLeft = right == end || (left < middle && source[left] <= source[right]);
            target[i] = takeLeft ? source[left++] : source[right++];
        }
    }

    /** The same of references that take 64 bits. */
    public static void sort(long[] refs, int count) {
        for (int from = 0; from < count; from += PIECE) {
            ReadCanceledException.throwIfInterrupted();
            Arrays.sort(refs, from, Math.min(count, from + PIECE));
        }
        if (count <= PIECE) {
            return;
        }
        long[] source = refs;
        long[] target = new long[count];
        boolean elsewhere = false;
        for (long width = PIECE; width < count; width *= 2) {
            for (long from = 0; from < count; from += 2 * width) {
                merge(source, target, (int) from, end(from + width, count), end(from + 2 * width, count));
            }
            long[] merged = target;
            target = source;
            source = merged;
            elsewhere = !elsewhere;
        }
        if (elsewhere) {
            System.arraycopy(source, 0, refs, 0, count);
        }
    }

    private static void merge(long[] source, long[] target, int from, int middle, int end) {
        int left = from;
        int right = middle;
        for (int i = from; i < end; i++) {
            if ((i & (PIECE - 1)) == 0) {
                ReadCanceledException.throwIfInterrupted();
            }
            boolean takeLeft = right == end || (left < middle && source[left] <= source[right]);
            target[i] = takeLeft ? source[left++] : source[right++];
        }
    }

    private static int end(long wanted, int count) {
        return (int) Math.min(wanted, count);
    }
}
