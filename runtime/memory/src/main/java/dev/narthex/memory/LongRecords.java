// SPDX-License-Identifier: Apache-2.0
package dev.narthex.memory;

import java.util.Arrays;

/**
 * Records of a fixed number of {@code long} fields, numbered from 1, in pages of 1,024 records. Growth adds pages and
 * copies no record; a freed number is given out again.
 *
 * <p>A caller that touches several fields of a record takes {@link #page} and {@link #offset} once and works on the
 * array. One writer at a time, which the owner sees to; readers as with {@link ByteSlab}.
 */
public final class LongRecords {
    private static final int PAGE_BITS = 10;
    private static final int PAGE_RECORDS = 1 << PAGE_BITS;
    private static final int PAGE_MASK = PAGE_RECORDS - 1;
    private static final int ARRAY_HEADER_BYTES = 16;

    private final MemoryAccount.Tag tag;
    private final int fields;
    private volatile long[][] pages = new long[16][];
    private int pageCount;
    private volatile int end = 1;
    private int[] freed = {};
    private int freedCount;

    /** @param fields how many fields a record has */
    public LongRecords(MemoryAccount.Tag tag, int fields) {
        this.tag = tag;
        this.fields = fields;
    }

    /** Takes a record, all of whose fields are zero. */
    public int allocate() {
        if (freedCount > 0) {
            int record = freed[--freedCount];
            int at = offset(record);
            Arrays.fill(page(record), at, at + fields, 0);
            return record;
        }
        int record = end;
        int pageNumber = record >>> PAGE_BITS;
        if (pageNumber == pageCount) {
            addPage();
        }
        end = record + 1;
        return record;
    }

    /** Gives a record back; its fields keep their values until it is taken again. */
    public void free(int record) {
        if (freedCount == freed.length) {
            int capacity = Math.max(64, 2 * freedCount);
            tag.take(4L * (capacity - freed.length));
            freed = Arrays.copyOf(freed, capacity);
        }
        freed[freedCount++] = record;
    }

    /** The page that a record lies in. */
    public long[] page(int record) {
        return pages[record >>> PAGE_BITS];
    }

    /** Where in its page a record's field 0 is. */
    public int offset(int record) {
        return (record & PAGE_MASK) * fields;
    }

    /** All records ever taken have numbers less than this. */
    public int end() {
        return end;
    }

    /** How many records are in use. */
    public int size() {
        return end - 1 - freedCount;
    }

    /** Gives every page back; no record is good afterwards. */
    public void clear() {
        tag.giveBack((long) pageCount * (8L * PAGE_RECORDS * fields + ARRAY_HEADER_BYTES) + 4L * freed.length);
        pages = new long[16][];
        pageCount = 0;
        end = 1;
        freed = new int[0];
        freedCount = 0;
    }

    private void addPage() {
        long[][] present = pages;
        if (pageCount == present.length) {
            present = Arrays.copyOf(present, 2 * pageCount);
        }
        present[pageCount++] = new long[PAGE_RECORDS * fields];
        pages = present; // publishes the new page to those who get a record in it
        tag.take(8L * PAGE_RECORDS * fields + ARRAY_HEADER_BYTES);
    }
}
