// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.model.Labels;
import java.util.Arrays;

/**
 * Remembers label sets by prints of 64 bits, since the labels themselves would keep all of a stream in memory. Two that
 * differ have the same print only where texts of the same hash code, length and ends stand in the same places. For one
 * thread.
 */
final class LabelPrints {
    private static final long FACTOR = 0x9E3779B185EBCA87L;

    private final QueryMemory memory;
    private long[] prints = new long[64];
    private int size;
    private boolean sorted;

    LabelPrints(QueryMemory memory) {
        this.memory = memory;
    }

    void add(Labels labels) {
        if (size == prints.length) {
            memory.take((long) Long.BYTES * size);
            prints = Arrays.copyOf(prints, 2 * size);
        }
        prints[size++] = print(labels);
        sorted = false;
    }

    boolean contains(Labels labels) {
        if (!sorted) {
            Arrays.sort(prints, 0, size);
            sorted = true;
        }
        return Arrays.binarySearch(prints, 0, size, print(labels)) >= 0;
    }

    private static long print(Labels labels) {
        long print = labels.size();
        for (int i = 0; i < labels.size(); i++) {
            print = mix(mix(print, labels.name(i)), labels.value(i));
        }
        return print;
    }

    private static long mix(long print, String text) {
        int length = text.length();
        // The hash code is mostly known already. Texts of equal hash code mostly differ next to each other.
        long mixed = (print ^ text.hashCode() ^ ((long) length << 32)) * FACTOR;
        if (length > 0) {
            mixed ^= text.charAt(0) ^ ((long) text.charAt(length / 2) << 16) ^ ((long) text.charAt(length - 1) << 32);
        }
        return (mixed ^ (mixed >>> 29)) * FACTOR;
    }
}
