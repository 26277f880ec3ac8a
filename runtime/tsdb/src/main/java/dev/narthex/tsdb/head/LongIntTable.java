// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import dev.narthex.memory.MemoryAccount;
import java.util.Arrays;

/** A hash table from positive numbers to positive numbers, without an object for either. For one thread at a time. */
final class LongIntTable {
    private static final int SMALLEST = 64;

    private final MemoryAccount.Tag tag;
    private long[] keys = {};
    private int[] values = {};
    private int size;

    LongIntTable(MemoryAccount.Tag tag) {
        this.tag = tag;
    }

    int size() {
        return size;
    }

    /** The value of a key, 0 where there is none. */
    int get(long key) {
        return size == 0 ? 0 : values[place(key)];
    }

    void put(long key, int value) {
        if (2 * (size + 1) > keys.length) {
            resize(Math.max(SMALLEST, 2 * keys.length));
        }
        int at = place(key);
        size += keys[at] == 0 ? 1 : 0;
        keys[at] = key;
        values[at] = value;
    }

    /** Takes a key out; its value, 0 where there was none. */
    int remove(long key) {
        if (size == 0) {
            return 0;
        }
        int hole = place(key);
        if (keys[hole] == 0) {
            return 0;
        }
        int value = values[hole];
        size--;
        int mask = keys.length - 1;
        // Those behind that would not be found any more move up.
        for (int at = (hole + 1) & mask; keys[at] != 0; at = (at + 1) & mask) {
            int home = home(keys[at]);
            if (((at - home) & mask) >= ((at - hole) & mask)) {
                keys[hole] = keys[at];
                values[hole] = values[at];
                hole = at;
            }
        }
        keys[hole] = 0;
        values[hole] = 0;
        return value;
    }

    /** All keys, in no order. */
    long[] keys() {
        return Arrays.stream(keys).filter(key -> key != 0).toArray();
    }

    void clear() {
        tag.giveBack(12L * keys.length);
        keys = new long[0];
        values = new int[0];
        size = 0;
    }

    private void resize(int capacity) {
        long[] oldKeys = keys;
        int[] oldValues = values;
        tag.take(12L * (capacity - keys.length));
        keys = new long[capacity];
        values = new int[capacity];
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != 0) {
                int at = place(oldKeys[i]);
                keys[at] = oldKeys[i];
                values[at] = oldValues[i];
            }
        }
    }

    private int home(long key) {
        return (int) ((key * 0x9e3779b97f4a7c15L) >>> 32) & (keys.length - 1);
    }

    private int place(long key) {
        int at = home(key);
        while (keys[at] != 0 && keys[at] != key) {
            at = (at + 1) & (keys.length - 1);
        }
        return at;
    }
}
