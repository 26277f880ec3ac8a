// SPDX-License-Identifier: Apache-2.0
package dev.narthex.memory;

import java.util.Arrays;

/**
 * Pieces of bytes in large pages, addressed by {@code int} references: an allocator for what is many and small.
 *
 * <p>A page of 64 KiB holds pieces of one size class; a piece that is freed goes to the free list of its page. A page
 * without pieces is kept for the next class that needs one, or given back where an eighth as many as are in use is kept already:
 * pieces that grow move from class to class, and pages dropped behind them would be garbage for long, since the collector
 * seldom looks at what is old. Sizes up to {@link #LARGEST_SMALL} are rounded up by at most an eighth, larger pieces
 * have a page of their own. Growth adds pages and copies nothing.
 *
 * <pre>
 * reference:  page number (19 bits) | offset in the page / 8 (13 bits);  0 is no piece
 * </pre>
 *
 * <p>Eight readable bytes follow every piece (its neighbour's or the page's slack), so that a decoder may read whole
 * words. New pieces hold whatever was there before.
 *
 * <p>One writer at a time, which the owner sees to. Readers need no lock: they see a piece when they got its reference
 * by a release/acquire pair, and the owner keeps it from being freed under them. A reader that only tries (and checks
 * afterwards whether the reference was still good) may meet a page that is gone: {@link #pageOrEmpty}.
 */
public final class ByteSlab {
    /** The largest piece that shares a page. */
    public static final int LARGEST_SMALL = 8192;

    private static final int PAGE_BITS = 16;
    private static final int PAGE_BYTES = 1 << PAGE_BITS;
    private static final int GRAIN_BITS = 3;
    private static final int OFFSET_BITS = PAGE_BITS - GRAIN_BITS;
    private static final int OFFSET_MASK = (1 << OFFSET_BITS) - 1;
    private static final int MAX_PAGES = 1 << (32 - OFFSET_BITS);
    private static final int SLACK_BYTES = 8;
    private static final int ARRAY_HEADER_BYTES = 16;
    private static final int FINE_CLASSES = 16;
    private static final int STEPS_PER_DOUBLING = 8;
    private static final int CLASSES = FINE_CLASSES + STEPS_PER_DOUBLING * 6;
    private static final int LARGE = CLASSES;
    private static final int NONE = 0;
    /** So many empty pages are kept even of few; of many, an eighth. */
    private static final int LEAST_SPARE = 4;

    private static final int PAGES_PER_SPARE = 8;
    private static final byte[] EMPTY = {};

    private final MemoryAccount.Tag tag;
    private volatile byte[][] pages = new byte[16][];
    private byte[] classOfPage = new byte[16];
    private int[] usedOfPage = new int[16];
    /** Where never used space begins. */
    private int[] freshOfPage = new int[16];
    /** The offset + 1 of the first freed piece; each freed piece holds the next one in its first four bytes. */
    private int[] freedOfPage = new int[16];

    private int[] nextOpen = new int[16];
    private int[] previousOpen = new int[16];
    /** For each class the first page with room. */
    private final int[] firstOpen = new int[CLASSES];

    private int pageCount = 1;
    private int[] unusedPageNumbers = new int[16];
    private int unusedPages;
    /** Empty pages of the common size, for any class. */
    private byte[][] spare = new byte[LEAST_SPARE][];

    private int spares;
    private long usedBytes;

    public ByteSlab(MemoryAccount.Tag tag) {
        this.tag = tag;
        Arrays.fill(pages, EMPTY);
    }

    /** The capacity that a piece of this size really has. */
    public static int capacityOf(int sizeBytes) {
        return sizeBytes > LARGEST_SMALL ? roundUp(sizeBytes) : sizeOfClass(classOf(sizeBytes));
    }

    /**
     * Takes a piece of at least this many bytes.
     *
     * @throws IllegalStateException when all references are in use (32 GiB)
     */
    public int allocate(int sizeBytes) {
        if (sizeBytes > LARGEST_SMALL) {
            return allocateLarge(sizeBytes);
        }
        int sizeClass = classOf(sizeBytes);
        int size = sizeOfClass(sizeClass);
        int page = firstOpen[sizeClass];
        if (page == NONE) {
            page = openPage(PAGE_BYTES, sizeClass);
            linkOpen(page, sizeClass);
        }
        int offset;
        int freed = freedOfPage[page];
        if (freed != NONE) {
            offset = freed - 1;
            freedOfPage[page] = readInt(pages[page], offset);
        } else {
            offset = freshOfPage[page];
            freshOfPage[page] = offset + size;
        }
        usedOfPage[page]++;
        usedBytes += size;
        if (freedOfPage[page] == NONE && freshOfPage[page] + size > PAGE_BYTES) {
            unlinkOpen(page, sizeClass);
        }
        return (page << OFFSET_BITS) | (offset >>> GRAIN_BITS);
    }

    /** Gives a piece back; its reference must not be used any more. */
    public void free(int ref) {
        int page = ref >>> OFFSET_BITS;
        int sizeClass = classOfPage[page];
        if (sizeClass == LARGE) {
            usedBytes -= pages[page].length - SLACK_BYTES;
            closePage(page);
            return;
        }
        int size = sizeOfClass(sizeClass);
        boolean wasFull = freedOfPage[page] == NONE && freshOfPage[page] + size > PAGE_BYTES;
        int offset = offset(ref);
        writeInt(pages[page], offset, freedOfPage[page]);
        freedOfPage[page] = offset + 1;
        usedBytes -= size;
        if (wasFull) {
            linkOpen(page, sizeClass);
        }
        boolean onlyOpen = firstOpen[sizeClass] == page && nextOpen[page] == NONE;
        if (--usedOfPage[page] == 0 && !onlyOpen) {
            unlinkOpen(page, sizeClass);
            closePage(page);
        }
    }

    /** The page that a piece lies in. */
    public byte[] page(int ref) {
        return pages[ref >>> OFFSET_BITS];
    }

    /** As {@link #page}, but an empty array where there is no such page (any more). */
    public byte[] pageOrEmpty(int ref) {
        byte[][] present = pages;
        int page = ref >>> OFFSET_BITS;
        return page < present.length ? present[page] : EMPTY;
    }

    /** Where in its page a piece begins. */
    public int offset(int ref) {
        return (ref & OFFSET_MASK) << GRAIN_BITS;
    }

    /** The capacity of a piece. */
    public int capacity(int ref) {
        int page = ref >>> OFFSET_BITS;
        int sizeClass = classOfPage[page];
        return sizeClass == LARGE ? pages[page].length - SLACK_BYTES : sizeOfClass(sizeClass);
    }

    /** The capacity of the pieces in use. */
    public long usedBytes() {
        return usedBytes;
    }

    /** Gives every page back; no reference is good afterwards. */
    public void clear() {
        for (int page = 1; page < pageCount; page++) {
            if (pages[page].length > 0) {
                tag.giveBack(heldBy(pages[page]));
                pages[page] = EMPTY;
            }
        }
        while (spares > 0) {
            tag.giveBack(heldBy(spare[--spares]));
            spare[spares] = EMPTY;
        }
        Arrays.fill(firstOpen, NONE);
        pageCount = 1;
        unusedPages = 0;
        usedBytes = 0;
    }

    private int allocateLarge(int sizeBytes) {
        int page = openPage(roundUp(sizeBytes), LARGE);
        usedBytes += pages[page].length - SLACK_BYTES;
        return page << OFFSET_BITS;
    }

    private int openPage(int sizeBytes, int sizeClass) {
        int page = unusedPages > 0 ? unusedPageNumbers[--unusedPages] : newPageNumber();
        byte[] bytes;
        if (sizeClass != LARGE && spares > 0) {
            bytes = spare[--spares];
            spare[spares] = EMPTY;
        } else {
            bytes = new byte[sizeBytes + SLACK_BYTES];
            tag.take(heldBy(bytes));
        }
        byte[][] present = pages;
        present[page] = bytes;
        pages = present; // publishes the new page to those who get a reference into it
        classOfPage[page] = (byte) sizeClass;
        usedOfPage[page] = 0;
        freshOfPage[page] = 0;
        freedOfPage[page] = NONE;
        return page;
    }

    private int newPageNumber() {
        if (pageCount == MAX_PAGES) {
            throw new IllegalStateException("slab " + tag.name() + ": all " + MAX_PAGES + " pages are in use");
        }
        int page = pageCount;
        if (page == pages.length) {
            int capacity = Math.min(MAX_PAGES, 2 * page);
            byte[][] more = Arrays.copyOf(pages, capacity);
            Arrays.fill(more, page, capacity, EMPTY);
            pages = more;
            classOfPage = Arrays.copyOf(classOfPage, capacity);
            usedOfPage = Arrays.copyOf(usedOfPage, capacity);
            freshOfPage = Arrays.copyOf(freshOfPage, capacity);
            freedOfPage = Arrays.copyOf(freedOfPage, capacity);
            nextOpen = Arrays.copyOf(nextOpen, capacity);
            previousOpen = Arrays.copyOf(previousOpen, capacity);
        }
        pageCount++;
        return page;
    }

    private void closePage(int page) {
        byte[] bytes = pages[page];
        pages[page] = EMPTY;
        if (classOfPage[page] == LARGE) {
            tag.giveBack(heldBy(bytes));
        } else {
            keep(bytes);
        }
        if (unusedPages == unusedPageNumbers.length) {
            unusedPageNumbers = Arrays.copyOf(unusedPageNumbers, 2 * unusedPages);
        }
        unusedPageNumbers[unusedPages++] = page;
    }

    /** Puts an empty page aside, unless there are enough for the pages in use. */
    private void keep(byte[] page) {
        int limit = Math.max(LEAST_SPARE, (pageCount - unusedPages) / PAGES_PER_SPARE);
        while (spares > limit) {
            tag.giveBack(heldBy(spare[--spares]));
            spare[spares] = EMPTY;
        }
        if (spares == limit) {
            tag.giveBack(heldBy(page));
            return;
        }
        if (spares == spare.length) {
            spare = Arrays.copyOf(spare, 2 * spares);
        }
        spare[spares++] = page;
    }

    private void linkOpen(int page, int sizeClass) {
        int first = firstOpen[sizeClass];
        nextOpen[page] = first;
        previousOpen[page] = NONE;
        if (first != NONE) {
            previousOpen[first] = page;
        }
        firstOpen[sizeClass] = page;
    }

    private void unlinkOpen(int page, int sizeClass) {
        int next = nextOpen[page];
        int previous = previousOpen[page];
        if (previous == NONE) {
            firstOpen[sizeClass] = next;
        } else {
            nextOpen[previous] = next;
        }
        if (next != NONE) {
            previousOpen[next] = previous;
        }
    }

    private static long heldBy(byte[] page) {
        return (long) page.length + ARRAY_HEADER_BYTES;
    }

    private static int roundUp(int sizeBytes) {
        return Math.addExact(sizeBytes, 7) & ~7;
    }

    /** Classes 0 to 15 are 8, 16 … 128 bytes; then eight steps for each doubling. */
    static int classOf(int sizeBytes) {
        if (sizeBytes <= 128) {
            return sizeBytes <= 8 ? 0 : (sizeBytes - 1) >>> 3;
        }
        int doubling = 31 - Integer.numberOfLeadingZeros(sizeBytes - 1); // 7 for 129 to 256
        int step = ((sizeBytes - 1) >>> (doubling - 3)) - STEPS_PER_DOUBLING;
        return FINE_CLASSES + (doubling - 7) * STEPS_PER_DOUBLING + step;
    }

    static int sizeOfClass(int sizeClass) {
        if (sizeClass < FINE_CLASSES) {
            return (sizeClass + 1) << 3;
        }
        int doubling = (sizeClass - FINE_CLASSES) / STEPS_PER_DOUBLING;
        int step = (sizeClass - FINE_CLASSES) % STEPS_PER_DOUBLING;
        return (STEPS_PER_DOUBLING + step + 1) << (doubling + 4);
    }

    private static int readInt(byte[] bytes, int offset) {
        return (bytes[offset] & 0xff) << 24
                | (bytes[offset + 1] & 0xff) << 16
                | (bytes[offset + 2] & 0xff) << 8
                | (bytes[offset + 3] & 0xff);
    }

    private static void writeInt(byte[] bytes, int offset, int value) {
        bytes[offset] = (byte) (value >>> 24);
        bytes[offset + 1] = (byte) (value >>> 16);
        bytes[offset + 2] = (byte) (value >>> 8);
        bytes[offset + 3] = (byte) value;
    }
}
