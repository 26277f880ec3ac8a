// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import dev.narthex.memory.MemoryAccount;

/**
 * A hash table of record numbers, found by the records' own hashes and contents: open addressing, linear probing, no
 * tombstones. The owner compares contents, so the table holds four bytes an entry and nothing else. Guarded by the
 * owner's lock.
 */
final class IdTable {
    /** The hash of a record that is in the table. */
    @FunctionalInterface
    interface Hashes {
        int hash(int id);
    }

    private static final int INITIAL = 64;

    private final MemoryAccount.Tag tag;
    private final Hashes hashes;
    private int[] ids = new int[INITIAL];
    private int size;

    IdTable(MemoryAccount.Tag tag, Hashes hashes) {
        this.tag = tag;
        this.hashes = hashes;
        tag.take(4L * INITIAL);
    }

    /** The first place to look for a hash; go on with {@link #after} until {@link #at} is 0. */
    int place(int hash) {
        return mixed(hash) & (ids.length - 1);
    }

    int after(int place) {
        return (place + 1) & (ids.length - 1);
    }

    /** The record at a place, 0 where there is none. */
    int at(int place) {
        return ids[place];
    }

    void add(int id, int hash) {
        if (3 * (size + 1) > 2 * ids.length) {
            grow();
        }
        put(id, hash);
        size++;
    }

    void remove(int id, int hash) {
        int hole = place(hash);
        while (ids[hole] != id) {
            if (ids[hole] == 0) {
                throw new IllegalStateException("head index: record " + id + " is not in its table");
            }
            hole = after(hole);
        }
        // Moves up what would not be found behind a hole.
        for (int at = after(hole); ids[at] != 0; at = after(at)) {
            int home = place(hashes.hash(ids[at]));
            boolean homeBetween = hole <= at ? hole < home && home <= at : hole < home || home <= at;
            if (!homeBetween) {
                ids[hole] = ids[at];
                hole = at;
            }
        }
        ids[hole] = 0;
        size--;
    }

    int size() {
        return size;
    }

    void clear() {
        tag.giveBack(4L * ids.length);
        ids = new int[INITIAL]; // found empty by those who come too late
        size = 0;
    }

    private void put(int id, int hash) {
        int place = place(hash);
        while (ids[place] != 0) {
            place = after(place);
        }
        ids[place] = id;
    }

    private void grow() {
        int[] former = ids;
        tag.take(4L * former.length);
        ids = new int[2 * former.length];
        for (int id : former) {
            if (id != 0) {
                put(id, hashes.hash(id));
            }
        }
    }

    private static int mixed(int hash) {
        int mixed = hash * 0x9E3779B9;
        return mixed ^ mixed >>> 16;
    }
}
