// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Finds series by their text: an open-addressed table over the entries of two {@link SeriesTexts}, the one of the scrape
 * before and the one that is being made. Built only in a scrape whose series are not those of the scrape before.
 * For one thread; its memory is kept from use to use.
 */
final class SeriesIndex {
    static final int NONE = -1;

    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    private final long seed;
    private int[] slots = new int[64];
    private int[] hashes = new int[64];
    private int used;
    private SeriesTexts before = new SeriesTexts();
    private SeriesTexts after = new SeriesTexts();

    /** @param seed random, so that no target can choose texts that collide */
    SeriesIndex(long seed) {
        this.seed = seed;
    }

    /** Starts with the entries of the scrape before; of those with the same text the first. */
    void build(SeriesTexts old, SeriesTexts made) {
        before = old;
        after = made;
        used = 0;
        int wanted = Integer.highestOneBit(Math.max(32, 2 * old.count())) << 1;
        if (slots.length < wanted || slots.length > 8 * wanted) {
            slots = new int[wanted];
            hashes = new int[wanted];
        } else {
            Arrays.fill(slots, 0);
        }
        for (int i = 0; i < old.count(); i++) {
            byte[] text = old.text();
            insert(text, old.seriesStart(i), old.end(i), i + 1);
        }
    }

    /** Lets go of the entries. */
    void clear() {
        before = new SeriesTexts();
        after = before;
    }

    /** The entry of the scrape before that has this text, or {@link #NONE}. */
    int findBefore(byte[] bytes, int from, int to) {
        int slot = slots[slotOf(bytes, from, to)];
        return slot > 0 ? slot - 1 : NONE;
    }

    /** The entry that was added in this scrape and has this text, or {@link #NONE}. */
    int findAdded(byte[] bytes, int from, int to) {
        int slot = slots[slotOf(bytes, from, to)];
        return slot < 0 ? -slot - 1 : NONE;
    }

    /** Adds an entry of the scrape that is being made, unless its text is there already. */
    void add(int index) {
        insert(after.text(), after.seriesStart(index), after.end(index), -(index + 1));
    }

    private void insert(byte[] bytes, int from, int to, int entry) {
        if (2 * used >= slots.length) {
            rehash();
        }
        int slot = slotOf(bytes, from, to);
        if (slots[slot] == 0) {
            slots[slot] = entry;
            hashes[slot] = hash(bytes, from, to);
            used++;
        }
    }

    private void rehash() {
        int[] oldSlots = slots;
        int[] oldHashes = hashes;
        slots = new int[2 * oldSlots.length];
        hashes = new int[2 * oldSlots.length];
        int mask = slots.length - 1;
        for (int i = 0; i < oldSlots.length; i++) {
            if (oldSlots[i] != 0) {
                int slot = oldHashes[i] & mask;
                while (slots[slot] != 0) {
                    slot = (slot + 1) & mask;
                }
                slots[slot] = oldSlots[i];
                hashes[slot] = oldHashes[i];
            }
        }
    }

    /** The slot that holds the text, or the free one where it belongs. */
    private int slotOf(byte[] bytes, int from, int to) {
        int mask = slots.length - 1;
        int hash = hash(bytes, from, to);
        int slot = hash & mask;
        while (slots[slot] != 0 && !(hashes[slot] == hash && isEntry(slots[slot], bytes, from, to))) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private boolean isEntry(int entry, byte[] bytes, int from, int to) {
        SeriesTexts texts = entry > 0 ? before : after;
        int index = Math.abs(entry) - 1;
        return Arrays.equals(bytes, from, to, texts.text(), texts.seriesStart(index), texts.end(index));
    }

    private int hash(byte[] bytes, int from, int to) {
        long hash = seed + (to - from);
        int at = from;
        for (; at + 8 <= to; at += 8) {
            hash = mix(hash ^ (long) WORD.get(bytes, at));
        }
        long rest = 0;
        for (; at < to; at++) {
            rest = (rest << 8) | (bytes[at] & 0xff);
        }
        hash = mix(hash ^ rest);
        return (int) (hash ^ (hash >>> 32));
    }

    private static long mix(long word) {
        long product = word * MULTIPLIER;
        return product ^ Math.unsignedMultiplyHigh(word, MULTIPLIER);
    }
}
