// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import dev.narthex.memory.MemoryAccount;

/**
 * A hash table of record numbers, found by the records' hashes and contents: open addressing, linear probing, no
 * tombstones. The owner compares contents; the table keeps the hash beside the number, so that records of other hashes
 * are not touched, neither by those who look for one nor when the table grows: each would be a wait for memory. Guarded
 * by the owner's lock.
 *
 * <pre>
 * entry:  hash (32 bits) | record number (32 bits);  0 is free
 * </pre>
 */
final class IdTable {
    private static final int INITIAL = 64;

    private final MemoryAccount.Tag tag;
    private long[] entries = new long[INITIAL];
    private int size;

    IdTable(MemoryAccount.Tag tag) {
        this.tag = tag;
        tag.take(8L * INITIAL);
    }

    /** The first place to look for a hash; see {@link #next}. */
    int place(int hash) {
        return mixed(hash) & (entries.length - 1);
    }

    /** The first place from one on that holds a record of a hash, or none; go on behind it by {@link #after}. */
    int next(int place, int hash) {
        long[] present = entries;
        int at = place;
        while (present[at] != 0 && (int) (present[at] >>> 32) != hash) {
            at = (at + 1) & (present.length - 1);
        }
        return at;
    }

    int after(int place) {
        return (place + 1) & (entries.length - 1);
    }

    /** The record at a place, 0 where there is none. */
    int at(int place) {
        return (int) entries[place];
    }

    void add(int id, int hash) {
        if (3 * (size + 1) > 2 * entries.length) {
            grow();
        }
        put((long) hash << 32 | id);
        size++;
    }

    void remove(int id, int hash) {
        int hole = place(hash);
        while (at(hole) != id) {
            if (entries[hole] == 0) {
                throw new IllegalStateException("head index: record " + id + " is not in its table");
            }
            hole = after(hole);
        }
        // Moves up what would not be found behind a hole.
        for (int at = after(hole); entries[at] != 0; at = after(at)) {
            int home = place((int) (entries[at] >>> 32));
            boolean homeBetween = hole <= at ? hole < home && home <= at : hole < home || home <= at;
            if (!homeBetween) {
                entries[hole] = entries[at];
                hole = at;
            }
        }
        entries[hole] = 0;
        size--;
    }

    int size() {
        return size;
    }

    void clear() {
        tag.giveBack(8L * entries.length);
        entries = new long[INITIAL]; // found empty by those who come too late
        size = 0;
    }

    private void put(long entry) {
        int place = place((int) (entry >>> 32));
        while (entries[place] != 0) {
            place = after(place);
        }
        entries[place] = entry;
    }

    private void grow() {
        long[] former = entries;
        tag.take(8L * former.length);
        entries = new long[2 * former.length];
        for (long entry : former) {
            if (entry != 0) {
                put(entry);
            }
        }
    }

    private static int mixed(int hash) {
        int mixed = hash * 0x9E3779B9;
        return mixed ^ mixed >>> 16;
    }
}
