// SPDX-License-Identifier: Apache-2.0
package dev.narthex.remote.write;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.locks.StampedLock;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the storage reference of series by a hash of 128 bits of their labels as they were sent, so that a series
 * that comes again costs no parsing of labels. Two generations: when the younger one is full the older one is dropped,
 * so that what is not sent any more is forgotten and memory is bounded. About 40 bytes an entry. Safe for use by many
 * threads.
 *
 * <p>Who sends mostly sends the same series in the same order: each entry tells which one came behind it, which is looked
 * at first. Entries lie in the order in which they came, so that this is a walk through memory and no search.
 */
final class SeriesReferences {
    /** No entry. */
    static final long UNKNOWN = 0;

    /** The labels were looked at before and are not those of a series. */
    static final long INVALID = -1;

    private final int limit;
    private final StampedLock lock = new StampedLock();
    private volatile Generation young = new Generation();
    private volatile Generation old = new Generation();

    /** @param maxSeries how many are remembered in the younger generation; as many may be in the older one */
    SeriesReferences(int maxSeries) {
        limit = Math.max(1, maxSeries);
    }

    /** Where somebody is who looks series up one after the other. For one thread at a time. */
    static final class Cursor {
        private @Nullable Generation generation;
        private int at;
    }

    long get(long high, long low, Cursor cursor) {
        Generation now = young;
        if (cursor.generation == now) {
            int next = now.follower(cursor.at);
            if (next != Generation.NONE && now.is(next, high, low)) {
                cursor.at = next;
                return now.ref(next);
            }
        }
        long stamp = lock.tryOptimisticRead();
        if (stamp != 0) {
            int entry = now.find(high, low);
            if (entry != Generation.NONE && lock.validate(stamp)) {
                long ref = now.ref(entry);
                move(cursor, now, entry);
                return ref;
            }
        }
        stamp = lock.writeLock();
        try {
            int entry = young.find(high, low);
            if (entry != Generation.NONE) {
                move(cursor, young, entry);
                return young.ref(entry);
            }
            entry = old.find(high, low);
            if (entry == Generation.NONE) {
                return UNKNOWN;
            }
            long ref = old.ref(entry);
            add(high, low, ref, cursor);
            return ref;
        } finally {
            lock.unlockWrite(stamp);
        }
    }

    void put(long high, long low, long ref, Cursor cursor) {
        long stamp = lock.writeLock();
        try {
            int entry = young.find(high, low);
            if (entry == Generation.NONE) {
                add(high, low, ref, cursor);
            } else {
                young.setRef(entry, ref);
                move(cursor, young, entry);
            }
        } finally {
            lock.unlockWrite(stamp);
        }
    }

    private void add(long high, long low, long ref, Cursor cursor) {
        if (young.size() >= limit) {
            old = young;
            young = new Generation();
        }
        move(cursor, young, young.add(high, low, ref));
    }

    private static void move(Cursor cursor, Generation generation, int entry) {
        if (cursor.generation == generation) {
            generation.setFollower(cursor.at, entry);
        }
        cursor.generation = generation;
        cursor.at = entry;
    }

    /**
     * Entries in the order in which they came, and a hash table of their numbers. Changed under the write lock, but for the
     * followers, which are only hints; an entry may be read by everybody once its number is less than the size.
     */
    private static final class Generation {
        static final int NONE = -1;

        private static final VarHandle LONG = MethodHandles.arrayElementVarHandle(long[].class);
        private static final VarHandle INT = MethodHandles.arrayElementVarHandle(int[].class);
        private static final int PAGE_BITS = 10;
        private static final int PAGE_MASK = (1 << PAGE_BITS) - 1;
        private static final int FIELDS = 3;
        private static final int FIRST_CAPACITY = 256;

        /** Hash, high and low half, and reference of each entry. */
        private volatile long[][] pages = new long[4][];
        /** The entry behind each entry + 1. */
        private volatile int[][] followers = new int[4][];
        /** The number of an entry + 1, 0 where free. */
        private volatile int[] table = new int[FIRST_CAPACITY];

        private volatile int size;

        int size() {
            return size;
        }

        boolean is(int entry, long high, long low) {
            long[] page = pages[entry >>> PAGE_BITS];
            int at = FIELDS * (entry & PAGE_MASK);
            return page[at] == high && page[at + 1] == low;
        }

        long ref(int entry) {
            return (long) LONG.getOpaque(pages[entry >>> PAGE_BITS], FIELDS * (entry & PAGE_MASK) + 2);
        }

        void setRef(int entry, long ref) {
            LONG.setOpaque(pages[entry >>> PAGE_BITS], FIELDS * (entry & PAGE_MASK) + 2, ref);
        }

        /** What came behind an entry last time, {@link #NONE} where that is not known. */
        int follower(int entry) {
            int next = (int) INT.getOpaque(followers[entry >>> PAGE_BITS], entry & PAGE_MASK) - 1;
            return next < size ? next : NONE;
        }

        void setFollower(int entry, int next) {
            INT.setOpaque(followers[entry >>> PAGE_BITS], entry & PAGE_MASK, next + 1);
        }

        /** The entry of a hash; without the lock it may be missed. */
        int find(long high, long low) {
            int[] slots = table;
            int mask = slots.length - 1;
            for (int slot = (int) low & mask; ; slot = (slot + 1) & mask) {
                int entry = (int) INT.getAcquire(slots, slot) - 1;
                if (entry == NONE || (entry < size && is(entry, high, low))) {
                    return entry;
                }
            }
        }

        int add(long high, long low, long ref) {
            int entry = size;
            int number = entry >>> PAGE_BITS;
            if ((entry & PAGE_MASK) == 0) {
                addPage(number);
            }
            long[] page = pages[number];
            int at = FIELDS * (entry & PAGE_MASK);
            page[at] = high;
            page[at + 1] = low;
            page[at + 2] = ref;
            if (4L * (entry + 1) > 3L * table.length) {
                grow();
            }
            size = entry + 1; // publishes the entry
            place(table, (int) low, entry);
            return entry;
        }

        private void addPage(int number) {
            if (number == pages.length) {
                pages = Arrays.copyOf(pages, 2 * number);
                followers = Arrays.copyOf(followers, 2 * number);
            }
            // Written to the arrays that others have: nobody looks for what is in the new page before the size says so.
            pages[number] = new long[FIELDS << PAGE_BITS];
            followers[number] = new int[1 << PAGE_BITS];
        }

        private void grow() {
            int[] larger = new int[2 * table.length];
            for (int entry = 0; entry < size; entry++) {
                place(larger, (int) pages[entry >>> PAGE_BITS][FIELDS * (entry & PAGE_MASK) + 1], entry);
            }
            table = larger;
        }

        private static void place(int[] slots, int hash, int entry) {
            int mask = slots.length - 1;
            int slot = hash & mask;
            while (slots[slot] != 0) {
                slot = (slot + 1) & mask;
            }
            INT.setRelease(slots, slot, entry + 1);
        }
    }
}
