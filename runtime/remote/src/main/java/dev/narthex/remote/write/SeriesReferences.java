// SPDX-License-Identifier: Apache-2.0
package dev.narthex.remote.write;

import java.util.concurrent.locks.ReentrantLock;

/**
 * Remembers the storage reference of series by a hash of 128 bits of their labels as they were sent, so that a series
 * that comes again costs no parsing of labels. Two generations: when the younger one is full the older one is dropped,
 * so that what is not sent any more is forgotten and memory is bounded. 24 bytes an entry. Safe for use by many threads,
 * striped.
 */
final class SeriesReferences {
    /** No entry. */
    static final long UNKNOWN = 0;

    /** The labels were looked at before and are not those of a series. */
    static final long INVALID = -1;

    private static final int STRIPES = 32;
    private static final int FIRST_CAPACITY = 64;

    private final Stripe[] stripes = new Stripe[STRIPES];

    /** @param maxSeries how many are remembered in the younger generation; as many may be in the older one */
    SeriesReferences(int maxSeries) {
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new Stripe(Math.max(FIRST_CAPACITY / 2, maxSeries / STRIPES));
        }
    }

    long get(long high, long low) {
        return stripe(high).get(high, low);
    }

    void put(long high, long low, long ref) {
        stripe(high).put(high, low, ref);
    }

    private Stripe stripe(long high) {
        return stripes[(int) (high >>> (Long.SIZE - 5))];
    }

    private static final class Stripe {
        private final ReentrantLock lock = new ReentrantLock();
        private final int limit;
        private Table young = new Table(FIRST_CAPACITY);
        private Table old = new Table(FIRST_CAPACITY);

        Stripe(int limit) {
            this.limit = limit;
        }

        long get(long high, long low) {
            lock.lock();
            try {
                long ref = young.get(high, low);
                if (ref == UNKNOWN) {
                    ref = old.get(high, low);
                    if (ref != UNKNOWN) {
                        add(high, low, ref);
                    }
                }
                return ref;
            } finally {
                lock.unlock();
            }
        }

        void put(long high, long low, long ref) {
            lock.lock();
            try {
                add(high, low, ref);
            } finally {
                lock.unlock();
            }
        }

        private void add(long high, long low, long ref) {
            if (young.size >= limit) {
                old = young;
                young = new Table(FIRST_CAPACITY);
            }
            young.put(high, low, ref);
        }
    }

    /** Open addressing, three longs an entry: both halves of the hash, and the reference, 0 where the entry is free. */
    private static final class Table {
        private static final int FIELDS = 3;

        private long[] entries;
        private int size;

        Table(int capacity) {
            entries = new long[FIELDS * capacity];
        }

        long get(long high, long low) {
            return entries[place(high, low) + 2];
        }

        void put(long high, long low, long ref) {
            int at = place(high, low);
            if (entries[at + 2] == UNKNOWN) {
                if (4 * size >= entries.length) {
                    grow();
                    at = place(high, low);
                }
                size++;
                entries[at] = high;
                entries[at + 1] = low;
            }
            entries[at + 2] = ref;
        }

        private int place(long high, long low) {
            int capacity = entries.length / FIELDS;
            int slot = (int) low & (capacity - 1);
            while (true) {
                int at = FIELDS * slot;
                if (entries[at + 2] == UNKNOWN || (entries[at] == high && entries[at + 1] == low)) {
                    return at;
                }
                slot = (slot + 1) & (capacity - 1);
            }
        }

        private void grow() {
            long[] before = entries;
            entries = new long[2 * before.length];
            for (int at = 0; at < before.length; at += FIELDS) {
                if (before[at + 2] != UNKNOWN) {
                    System.arraycopy(before, at, entries, place(before[at], before[at + 1]), FIELDS);
                }
            }
        }
    }
}
