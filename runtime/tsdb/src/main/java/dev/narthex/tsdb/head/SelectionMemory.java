// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import dev.narthex.memory.MemoryAccount;
import dev.narthex.storage.ReadMemoryException;
import java.util.ArrayList;
import java.util.List;

/**
 * What one view of the head holds of lists (references, records, names and values) until it is closed. Counted before a
 * list is made, so that many who ask for all series at once are refused before the heap is full. For one thread.
 */
final class SelectionMemory implements AutoCloseable {
    /** Strings are counted in pieces of so many bytes: the account is shared by all. */
    private static final int PIECE_BYTES = 1 << 14;
    /** A string of a few letters, and its place in a list that grows. */
    private static final int STRING_BYTES = 64;

    private final MemoryAccount account;
    private final MemoryAccount.Tag tag;
    private long held;

    /** One that counts in an account, and is refused there. */
    SelectionMemory(MemoryAccount account) {
        this.account = account;
        tag = account.tag("selections");
    }

    /** One that is never refused: for what the storage does for itself. */
    static SelectionMemory unlimited() {
        return new SelectionMemory(new MemoryAccount(Long.MAX_VALUE));
    }

    /**
     * Enters what is to be taken.
     *
     * @throws ReadMemoryException when others have it
     */
    void take(long bytes) {
        if (!tag.tryTake(bytes)) {
            throw new ReadMemoryException("the selection would use too much memory: at least " + (held + bytes)
                    + " bytes, all that are made " + (account.bytes() + bytes) + " bytes, their limit together is "
                    + account.limitBytes() + " bytes; ask for less, or later");
        }
        held += bytes;
    }

    /** Enters what is not needed any more, of that which was taken. */
    void giveBack(long bytes) {
        tag.giveBack(bytes);
        held -= bytes;
    }

    /** A list of strings that counts what it gets. */
    Strings strings() {
        return new Strings();
    }

    @Override
    public void close() {
        giveBack(held);
    }

    /** A list of strings that grows. */
    final class Strings {
        private final List<String> list = new ArrayList<>();
        private long counted;

        void add(String text) {
            counted += STRING_BYTES + text.length();
            if (counted >= PIECE_BYTES) {
                take(counted);
                counted = 0;
            }
            list.add(text);
        }

        List<String> list() {
            return list;
        }
    }
}
