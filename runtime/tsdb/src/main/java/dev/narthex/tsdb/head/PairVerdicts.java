// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import java.util.function.IntPredicate;

/** Remembers for label pairs whether they meet a condition, so that each is looked at once. For one thread. */
final class PairVerdicts {
    private static final int INITIAL = 64;

    /** Pair, negated where it does not meet the condition; 0 is free. */
    private int[] entries = {};

    private int size;

    boolean of(int pair, IntPredicate condition) {
        if (entries.length == 0) {
            entries = new int[INITIAL];
        }
        int place = place(pair);
        while (entries[place] != 0) {
            if (Math.abs(entries[place]) == pair) {
                return entries[place] > 0;
            }
            place = (place + 1) & (entries.length - 1);
        }
        boolean met = condition.test(pair);
        entries[place] = met ? pair : -pair;
        if (2 * ++size > entries.length) {
            grow();
        }
        return met;
    }

    private void grow() {
        int[] former = entries;
        entries = new int[2 * former.length];
        for (int entry : former) {
            if (entry != 0) {
                int place = place(Math.abs(entry));
                while (entries[place] != 0) {
                    place = (place + 1) & (entries.length - 1);
                }
                entries[place] = entry;
            }
        }
    }

    private int place(int pair) {
        int hash = pair * 0x9E3779B9;
        return (hash ^ hash >>> 16) & (entries.length - 1);
    }
}
