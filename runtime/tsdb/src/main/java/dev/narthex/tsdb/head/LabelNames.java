// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import dev.narthex.memory.LongRecords;
import dev.narthex.memory.MemoryAccount;
import java.util.Arrays;

/**
 * The label names of the series, each with a list of its pairs, in no order. Guarded by the lock of the index; the lists
 * are read without it ({@link LabelPairs#next}) by those who are entered in {@link Readers}.
 *
 * <pre>
 * record:  0  name symbol (32 bits) | its first pair (32 bits)
 *          1  how many pairs it has
 * </pre>
 */
final class LabelNames {
    private static final int FIELDS = 2;

    private final LongRecords records;
    private final IdTable table;
    private final LabelPairs pairs;

    LabelNames(MemoryAccount.Tag tag, LabelPairs pairs) {
        this.pairs = pairs;
        records = new LongRecords(tag, FIELDS);
        table = new IdTable(tag);
    }

    /** Adds a pair to those of its name, which is made where there is none. */
    void link(int pair, int symbol) {
        int name = find(symbol);
        if (name == 0) {
            name = records.allocate();
            set(name, 0, (long) symbol << 32);
            table.add(name, hash(symbol));
        }
        int first = (int) get(name, 0);
        pairs.setSiblings(pair, first, 0);
        if (first != 0) {
            pairs.setSiblings(first, pairs.next(first), pair);
        }
        set(name, 0, (long) symbol << 32 | (pair & 0xffffffffL));
        set(name, 1, get(name, 1) + 1);
    }

    /** Takes a pair from its name; the name where that was its last one, to be freed when no reader holds it, else 0. */
    int unlink(int pair, int symbol) {
        int name = find(symbol);
        int next = pairs.next(pair);
        int previous = pairs.previous(pair);
        if (previous == 0) {
            set(name, 0, (long) symbol << 32 | (next & 0xffffffffL));
        } else {
            pairs.setSiblings(previous, next, pairs.previous(previous));
        }
        if (next != 0) {
            pairs.setSiblings(next, pairs.next(next), previous);
        }
        long left = get(name, 1) - 1;
        set(name, 1, left);
        if (left == 0) {
            table.remove(name, hash(symbol));
            return name;
        }
        return 0;
    }

    void free(int name) {
        records.free(name);
    }

    /** The name of a symbol, 0 where it is none. */
    int find(int symbol) {
        int hash = hash(symbol);
        for (int place = table.next(table.place(hash), hash); ; place = table.next(table.after(place), hash)) {
            int name = table.at(place);
            if (name == 0 || (int) (get(name, 0) >>> 32) == symbol) {
                return name;
            }
        }
    }

    /** The first pair of the name of a symbol, 0 where it is none; go on with {@link LabelPairs#next}. */
    int firstPair(int symbol) {
        int name = find(symbol);
        return name == 0 ? 0 : (int) get(name, 0);
    }

    /** How many pairs the name of a symbol has. */
    int pairs(int symbol) {
        int name = find(symbol);
        return name == 0 ? 0 : (int) get(name, 1);
    }

    /** The symbols of all names. */
    int[] symbols() {
        int[] found = new int[table.size()];
        int count = 0;
        for (int name = 1; name < records.end(); name++) {
            if (get(name, 1) > 0) {
                found[count++] = (int) (get(name, 0) >>> 32);
            }
        }
        return Arrays.copyOf(found, count);
    }

    void clear() {
        records.clear();
        table.clear();
    }

    private long get(int name, int field) {
        return records.page(name)[records.offset(name) + field];
    }

    private void set(int name, int field, long value) {
        records.page(name)[records.offset(name) + field] = value;
    }

    private static int hash(int symbol) {
        return symbol * 0x85EBCA6B;
    }
}
