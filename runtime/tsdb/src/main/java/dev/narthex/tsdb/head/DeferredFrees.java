// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import dev.narthex.memory.MemoryAccount;
import java.util.Arrays;

/**
 * References that were taken out of the structures and wait until no reader can hold them any more. A queue in the
 * order of epochs; one writer at a time, which the owner sees to.
 */
final class DeferredFrees {
    /** Gives a reference of one of the owner's kinds back to its slab. */
    @FunctionalInterface
    interface Freeing {
        void free(int kind, int ref);
    }

    private static final int INITIAL = 64;

    private final Readers readers;
    private final MemoryAccount.Tag tag;
    private final Freeing freeing;
    private long[] epochs = {};
    /** Kind (32 bits) | reference (32 bits). */
    private long[] waiting = {};

    private int head;
    private int size;

    DeferredFrees(Readers readers, MemoryAccount.Tag tag, Freeing freeing) {
        this.readers = readers;
        this.tag = tag;
        this.freeing = freeing;
    }

    void add(int kind, int ref) {
        if (size == waiting.length) {
            grow();
        }
        int at = (head + size) & (waiting.length - 1);
        epochs[at] = readers.epoch();
        waiting[at] = (long) kind << 32 | (ref & 0xffffffffL);
        size++;
    }

    /** Frees what no reader can hold any more. */
    void drain() {
        if (size == 0) {
            return;
        }
        long oldest = readers.advance();
        while (size > 0 && epochs[head] < oldest) {
            long next = waiting[head];
            head = (head + 1) & (waiting.length - 1);
            size--;
            freeing.free((int) (next >>> 32), (int) next);
        }
    }

    int size() {
        return size;
    }

    void clear() {
        tag.giveBack(16L * waiting.length);
        epochs = new long[0];
        waiting = new long[0];
        head = 0;
        size = 0;
    }

    private void grow() {
        int capacity = Math.max(INITIAL, 2 * size);
        tag.take(16L * (capacity - waiting.length));
        epochs = unrolled(epochs, capacity);
        waiting = unrolled(waiting, capacity);
        head = 0;
    }

    private long[] unrolled(long[] ring, int capacity) {
        long[] straight = Arrays.copyOf(Arrays.copyOfRange(ring, head, ring.length), capacity);
        System.arraycopy(ring, 0, straight, ring.length - head, head);
        return straight;
    }
}
