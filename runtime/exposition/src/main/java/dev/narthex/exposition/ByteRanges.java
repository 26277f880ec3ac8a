// SPDX-License-Identifier: Apache-2.0
package dev.narthex.exposition;

import java.util.Arrays;

/** Ranges of a byte array, in order. Its memory is kept; for one thread. */
final class ByteRanges {
    private int[] starts = new int[16];
    private int[] stops = new int[16];
    private int count;

    void clear() {
        count = 0;
    }

    void add(int start, int stop) {
        if (count == starts.length) {
            starts = Arrays.copyOf(starts, 2 * count);
            stops = Arrays.copyOf(stops, 2 * count);
        }
        starts[count] = start;
        stops[count] = stop;
        count++;
    }

    void swap(int first, int second) {
        int start = starts[first];
        int stop = stops[first];
        starts[first] = starts[second];
        stops[first] = stops[second];
        starts[second] = start;
        stops[second] = stop;
    }

    int count() {
        return count;
    }

    int start(int index) {
        return starts[index];
    }

    int stop(int index) {
        return stops[index];
    }

    int length(int index) {
        return stops[index] - starts[index];
    }
}
