// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import dev.narthex.memory.MemoryAccount;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * From series reference to series record: a hash table in which eight references that follow each other lie side by
 * side, as scrapes use them. Written under the lock of the index, read by everyone without one.
 *
 * <pre>
 * entry:  reference (36 bits) | record (28 bits);  0 is free, -1 was removed
 * </pre>
 */
final class SeriesRefs {
    static final long MAX_REF = SeriesLayout.REF_MASK - 1;

    private static final VarHandle ENTRY = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int RECORD_BITS = 28;
    private static final int RECORD_MASK = (1 << RECORD_BITS) - 1;
    private static final long REMOVED = -1;
    private static final int INITIAL = 64;

    private final MemoryAccount.Tag tag;
    private volatile long[] table = new long[INITIAL];
    private int live;
    /** Entries that are not free: live ones and removed ones. */
    private int taken;

    SeriesRefs(MemoryAccount.Tag tag) {
        this.tag = tag;
        tag.take(8L * INITIAL);
    }

    /** The record of a reference, 0 where there is none. */
    int record(long ref) {
        if (ref <= 0 || ref > MAX_REF) {
            return 0;
        }
        long[] entries = table;
        int mask = entries.length - 1;
        for (int place = home(ref, mask); ; place = (place + 1) & mask) {
            long entry = (long) ENTRY.getAcquire(entries, place);
            if (entry >>> RECORD_BITS == ref && entry != REMOVED) {
                return (int) entry & RECORD_MASK;
            }
            if (entry == 0) {
                return 0;
            }
        }
    }

    void put(long ref, int record) {
        if (record > RECORD_MASK) {
            throw new IllegalStateException("head index: more than " + RECORD_MASK + " series records");
        }
        if (3 * (taken + 1) > 2 * table.length) {
            rebuild();
        }
        place(table, ref << RECORD_BITS | record);
        live++;
        taken++;
    }

    void remove(long ref) {
        long[] entries = table;
        int mask = entries.length - 1;
        for (int place = home(ref, mask); entries[place] != 0; place = (place + 1) & mask) {
            if (entries[place] != REMOVED && entries[place] >>> RECORD_BITS == ref) {
                ENTRY.setRelease(entries, place, REMOVED);
                live--;
                return;
            }
        }
        throw new IllegalStateException("head index: series reference " + ref + " is not in its table");
    }

    int size() {
        return live;
    }

    /** All entries as references with records in the low 28 bits, in the order of references. */
    long[] sortedEntries() {
        long[] sorted = new long[live];
        int count = 0;
        for (long entry : table) {
            if (entry != 0 && entry != REMOVED) {
                sorted[count++] = entry;
            }
        }
        Arrays.sort(sorted, 0, count);
        return sorted;
    }

    static long refOf(long entry) {
        return entry >>> RECORD_BITS;
    }

    static int recordOf(long entry) {
        return (int) entry & RECORD_MASK;
    }

    void clear() {
        tag.giveBack(8L * table.length);
        table = new long[INITIAL]; // found empty by those who come too late
        live = 0;
        taken = 0;
    }

    private void rebuild() {
        long[] former = table;
        int capacity = 3 * (live + 1) > former.length ? 2 * former.length : former.length;
        long[] entries = new long[capacity];
        tag.take(8L * (capacity - former.length));
        for (long entry : former) {
            if (entry != 0 && entry != REMOVED) {
                place(entries, entry);
            }
        }
        taken = live;
        table = entries;
    }

    private static void place(long[] entries, long entry) {
        int mask = entries.length - 1;
        int place = home(entry >>> RECORD_BITS, mask);
        while (entries[place] != 0) {
            place = (place + 1) & mask;
        }
        ENTRY.setRelease(entries, place, entry);
    }

    private static int home(long ref, int mask) {
        long group = (ref >>> 3) * 0x9E3779B97F4A7C15L;
        return ((int) (group >>> 32) << 3 | ((int) ref & 7)) & mask;
    }
}
