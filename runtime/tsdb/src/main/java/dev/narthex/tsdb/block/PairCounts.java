// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.block;

import java.util.Arrays;

/** A number for each pair of name and value symbol, without an object each. For one thread. */
final class PairCounts {
    private long[] keys = new long[1 << 10];
    private int[] values = new int[1 << 10];
    private int size;

    static long key(int name, int value) {
        return (long) name << 32 | value;
    }

    static int name(long key) {
        return (int) (key >>> 32);
    }

    static int value(long key) {
        return (int) key;
    }

    private int place(long key) {
        long hash = key * 0x9E3779B97F4A7C15L;
        int place = (int) (hash >>> 32) & (keys.length - 1);
        // Key 0 would be the empty label name, which no series has.
        while (keys[place] != 0 && keys[place] != key) {
            place = (place + 1) & (keys.length - 1);
        }
        return place;
    }

    void increment(long key) {
        int place = place(key);
        if (keys[place] == 0) {
            if (2 * ++size > keys.length) {
                grow();
                place = place(key);
            }
            keys[place] = key;
        }
        values[place]++;
    }

    int get(long key) {
        return values[place(key)];
    }

    void set(long key, int value) {
        values[place(key)] = value;
    }

    private void grow() {
        long[] formerKeys = keys;
        int[] formerValues = values;
        keys = new long[2 * formerKeys.length];
        values = new int[keys.length];
        for (int i = 0; i < formerKeys.length; i++) {
            if (formerKeys[i] != 0) {
                int place = place(formerKeys[i]);
                keys[place] = formerKeys[i];
                values[place] = formerValues[i];
            }
        }
    }

    /** All pairs in the order of names, then values. */
    long[] sortedKeys() {
        long[] sorted = new long[size];
        int count = 0;
        for (long key : keys) {
            if (key != 0) {
                sorted[count++] = key;
            }
        }
        Arrays.sort(sorted);
        return sorted;
    }
}
