// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import dev.narthex.memory.ByteSlab;
import dev.narthex.memory.LongRecords;
import dev.narthex.memory.MemoryAccount;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Label pairs (a name with a value), and for each the series that have it: its postings, ascending references.
 *
 * <pre>
 * record:  0  name symbol (32 bits) | value symbol (32 bits)
 *          1  the first reference
 *          2  the last reference
 *          3  count of references (32 bits) | first block (32 bits, none for a count of 1)
 *          4  last block (32 bits) | bytes used in it (16 bits) | its capacity (16 bits)
 *          5  next pair of the same name (32 bits) | previous one (32 bits)
 * block:   the next block (4 bytes) | distances of references as uvarints, then a zero byte if there is room
 * </pre>
 *
 * The first block has 16 bytes and each further one twice as many up to 4 KiB: short lists are small, long ones have
 * little overhead, growth copies nothing. Written under the lock of the index. Readers entered in {@link Readers} take
 * count and first block by one read and decode that many references without a lock; a removal builds a new list and
 * leaves the old blocks until those readers have left.
 */
final class LabelPairs {
    /** The pair that every series has, with empty name and value. */
    static final int ALL = 1;

    private static final VarHandle FIELD = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int FIELDS = 6;
    private static final int SYMBOLS = 0;
    private static final int FIRST = 1;
    private static final int LAST = 2;
    private static final int LIST = 3;
    private static final int TAIL = 4;
    private static final int SIBLINGS = 5;

    private static final int FIRST_BLOCK = 16;
    private static final int LARGEST_BLOCK = 4096;
    private static final int BLOCK_DATA = 4;

    private final LongRecords records;
    private final ByteSlab blocks;
    private final IdTable table;
    private final MemoryAccount.Tag postingsTag;

    LabelPairs(MemoryAccount.Tag pairsTag, MemoryAccount.Tag postingsTag) {
        records = new LongRecords(pairsTag, FIELDS);
        blocks = new ByteSlab(postingsTag);
        table = new IdTable(pairsTag);
        this.postingsTag = postingsTag;
        records.allocate(); // ALL
    }

    /** The pair of two symbols, 0 where there is none. */
    int find(int name, int value) {
        long symbols = symbols(name, value);
        int hash = hash(symbols);
        for (int place = table.next(table.place(hash), hash); ; place = table.next(table.after(place), hash)) {
            int pair = table.at(place);
            if (pair == 0 || get(pair, SYMBOLS) == symbols) {
                return pair;
            }
        }
    }

    int create(int name, int value) {
        int pair = records.allocate();
        long symbols = symbols(name, value);
        set(pair, SYMBOLS, symbols);
        table.add(pair, hash(symbols));
        return pair;
    }

    /** Takes a pair out of the table; it is freed when no reader holds it. */
    void remove(int pair) {
        table.remove(pair, hashOf(pair));
    }

    void free(int pair) {
        records.free(pair);
    }

    void freeBlock(int block) {
        blocks.free(block);
    }

    int name(int pair) {
        return (int) (get(pair, SYMBOLS) >>> 32);
    }

    int value(int pair) {
        return (int) get(pair, SYMBOLS);
    }

    int next(int pair) {
        return (int) (get(pair, SIBLINGS) >>> 32);
    }

    int previous(int pair) {
        return (int) get(pair, SIBLINGS);
    }

    void setSiblings(int pair, int next, int previous) {
        long[] page = records.page(pair);
        FIELD.setRelease(page, records.offset(pair) + SIBLINGS, (long) next << 32 | (previous & 0xffffffffL));
    }

    /** How many series have the pair. */
    int count(int pair) {
        return (int) (list(pair) >>> 32);
    }

    int size() {
        return table.size();
    }

    long blockBytes() {
        return postingsTag.bytes();
    }

    /**
     * Adds a reference that is greater than those present.
     *
     * @throws IllegalStateException when it is not
     */
    void add(int pair, long ref) {
        long list = get(pair, LIST);
        int count = (int) (list >>> 32);
        int first = (int) list;
        if (count == 0) {
            set(pair, FIRST, ref);
        } else {
            if (ref <= get(pair, LAST)) {
                throw new IllegalStateException("postings: reference " + ref + " after " + get(pair, LAST));
            }
            if (count == 1) {
                first = blocks.allocate(FIRST_BLOCK);
                begin(first);
                set(pair, TAIL, tail(first, BLOCK_DATA, FIRST_BLOCK));
                append(pair, get(pair, FIRST));
            }
            append(pair, ref - get(pair, LAST));
        }
        set(pair, LAST, ref);
        FIELD.setRelease(
                records.page(pair), records.offset(pair) + LIST, (long) (count + 1) << 32 | (first & 0xffffffffL));
    }

    /** Copies the references of a pair to the end of an array that has room for them; where they end. */
    int copyRefs(int pair, long[] into, int offset, int limit) {
        long list = list(pair);
        int count = Math.min((int) (list >>> 32), limit);
        if (list >>> 32 == 1) {
            into[offset] = get(pair, FIRST);
            return offset + 1;
        }
        int block = (int) list;
        int capacity = FIRST_BLOCK;
        byte[] page = blocks.page(block);
        int base = blocks.offset(block);
        int at = BLOCK_DATA;
        long ref = 0;
        for (int i = 0; i < count; i++) {
            if (at == capacity || page[base + at] == 0) {
                block = nextBlock(page, base);
                capacity = Math.min(LARGEST_BLOCK, 2 * capacity);
                page = blocks.page(block);
                base = blocks.offset(block);
                at = BLOCK_DATA;
            }
            byte b = page[base + at++];
            long distance = b & 0x7f;
            for (int shift = 7; b < 0; shift += 7) {
                b = page[base + at++];
                distance |= (b & 0x7fL) << shift;
            }
            ref += distance;
            into[offset + i] = ref;
        }
        return offset + count;
    }

    /** Takes references out of a pair's list and hands the blocks that are not needed any more to a queue. */
    void retain(int pair, long[] refs, int count, DeferredFrees frees, int blockKind) {
        long list = get(pair, LIST);
        int block = (int) list;
        int formerCount = (int) (list >>> 32);
        set(pair, TAIL, 0);
        set(pair, LAST, count == 0 ? 0 : refs[count - 1]);
        int first = 0;
        if (count > 1) {
            first = blocks.allocate(FIRST_BLOCK);
            begin(first);
            set(pair, TAIL, tail(first, BLOCK_DATA, FIRST_BLOCK));
            long last = 0;
            for (int i = 0; i < count; i++) {
                append(pair, refs[i] - last);
                last = refs[i];
            }
        }
        if (count > 0) {
            set(pair, FIRST, refs[0]);
        }
        FIELD.setRelease(records.page(pair), records.offset(pair) + LIST, (long) count << 32 | (first & 0xffffffffL));
        if (formerCount > 1) {
            while (block != 0) {
                int next = nextBlock(blocks.page(block), blocks.offset(block));
                frees.add(blockKind, block);
                block = next;
            }
        }
    }

    void clear() {
        records.clear();
        blocks.clear();
        table.clear();
    }

    private void append(int pair, long distance) {
        long tail = get(pair, TAIL);
        int block = (int) (tail >>> 32);
        int used = (int) (tail >>> 16) & 0xffff;
        int capacity = (int) tail & 0xffff;
        int length = (70 - Long.numberOfLeadingZeros(distance | 1)) / 7;
        byte[] page = blocks.page(block);
        int base = blocks.offset(block);
        if (used + length > capacity) {
            int nextCapacity = Math.min(LARGEST_BLOCK, 2 * capacity);
            int next = blocks.allocate(nextCapacity);
            begin(next);
            if (used < capacity) {
                page[base + used] = 0;
            }
            putInt(page, base, next);
            block = next;
            used = BLOCK_DATA;
            capacity = nextCapacity;
            page = blocks.page(block);
            base = blocks.offset(block);
        }
        long rest = distance;
        int at = base + used;
        while (rest >= 0x80) {
            page[at++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        page[at] = (byte) rest;
        set(pair, TAIL, tail(block, used + length, capacity));
    }

    private void begin(int block) {
        putInt(blocks.page(block), blocks.offset(block), 0);
    }

    private static void putInt(byte[] page, int at, int value) {
        page[at] = (byte) (value >>> 24);
        page[at + 1] = (byte) (value >>> 16);
        page[at + 2] = (byte) (value >>> 8);
        page[at + 3] = (byte) value;
    }

    private static int nextBlock(byte[] page, int at) {
        return (page[at] & 0xff) << 24
                | (page[at + 1] & 0xff) << 16
                | (page[at + 2] & 0xff) << 8
                | (page[at + 3] & 0xff);
    }

    private long list(int pair) {
        return (long) FIELD.getAcquire(records.page(pair), records.offset(pair) + LIST);
    }

    private static long tail(int block, int used, int capacity) {
        return (long) block << 32 | (long) used << 16 | capacity;
    }

    private static long symbols(int name, int value) {
        return (long) name << 32 | (value & 0xffffffffL);
    }

    private int hashOf(int pair) {
        return hash(get(pair, SYMBOLS));
    }

    private static int hash(long symbols) {
        long hash = symbols * 0xD6E8FEB86659FD93L;
        return (int) (hash >>> 32);
    }

    private long get(int pair, int field) {
        return records.page(pair)[records.offset(pair) + field];
    }

    private void set(int pair, int field, long value) {
        records.page(pair)[records.offset(pair) + field] = value;
    }
}
