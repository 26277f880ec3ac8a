// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import java.util.Arrays;

/** Sets of steps, kept as bits: step n is bit n of the words, from the lowest of the first word on. */
final class Presence {
    private Presence() {}

    static int words(int steps) {
        return (steps + Long.SIZE - 1) >>> 6;
    }

    static boolean has(long[] set, int step) {
        return (set[step >>> 6] >>> step & 1) != 0;
    }

    static void add(long[] set, int step) {
        set[step >>> 6] |= 1L << step;
    }

    static void remove(long[] set, int step) {
        set[step >>> 6] &= ~(1L << step);
    }

    /** Makes it the set of all steps. */
    static void addAll(long[] set, int steps) {
        Arrays.fill(set, -1L);
        if ((steps & 63) != 0) {
            set[set.length - 1] = (1L << steps) - 1;
        }
        if (steps == 0) {
            Arrays.fill(set, 0);
        }
    }

    static boolean isEmpty(long[] set) {
        for (long word : set) {
            if (word != 0) {
                return false;
            }
        }
        return true;
    }

    static int count(long[] set) {
        int count = 0;
        for (long word : set) {
            count += Long.bitCount(word);
        }
        return count;
    }

    static boolean intersects(long[] set, long[] other) {
        for (int i = 0; i < set.length; i++) {
            if ((set[i] & other[i]) != 0) {
                return true;
            }
        }
        return false;
    }

    /** The first step that is in both sets, -1 where there is none. */
    static int firstCommon(long[] set, long[] other) {
        for (int i = 0; i < set.length; i++) {
            long common = set[i] & other[i];
            if (common != 0) {
                return i * Long.SIZE + Long.numberOfTrailingZeros(common);
            }
        }
        return -1;
    }

    static void union(long[] into, long[] other) {
        for (int i = 0; i < into.length; i++) {
            into[i] |= other[i];
        }
    }

    static void intersect(long[] into, long[] other) {
        for (int i = 0; i < into.length; i++) {
            into[i] &= other[i];
        }
    }

    static void subtract(long[] into, long[] other) {
        for (int i = 0; i < into.length; i++) {
            into[i] &= ~other[i];
        }
    }

    /** The next step of a set from one on, -1 where there is none. */
    static int next(long[] set, int from) {
        int word = from >>> 6;
        if (word >= set.length) {
            return -1;
        }
        long bits = set[word] & (-1L << from);
        while (bits == 0) {
            if (++word == set.length) {
                return -1;
            }
            bits = set[word];
        }
        return word * Long.SIZE + Long.numberOfTrailingZeros(bits);
    }
}
