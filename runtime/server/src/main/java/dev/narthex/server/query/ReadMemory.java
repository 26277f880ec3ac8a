// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.query;

import dev.narthex.memory.MemoryAccount;
import dev.narthex.promql.value.QueryException;
import java.io.IOException;

/**
 * What answers hold that are no queries: lists of series and names, federation, remote read. They count with the queries,
 * and one may hold as much as a query may. Safe for use by many threads.
 */
public final class ReadMemory {
    private final long limitBytes;
    private final MemoryAccount account;
    private final MemoryAccount.Tag tag;

    /**
     * Makes an account.
     *
     * @param limitBytes how much one answer may hold
     * @param account what all queries and answers hold, and may hold together
     */
    public ReadMemory(long limitBytes, MemoryAccount account) {
        this.limitBytes = limitBytes;
        this.account = account;
        tag = account.tag("reads");
    }

    /** One without limits. */
    public static ReadMemory unlimited() {
        return new ReadMemory(Long.MAX_VALUE, new MemoryAccount(Long.MAX_VALUE));
    }

    /** Begins an answer that holds nothing yet. */
    public Held begin() {
        return new Held();
    }

    /** Writes an answer, of which so much is held as long as a slow client takes. */
    public void during(long bytes, Writing writing) throws IOException {
        tag.take(bytes);
        try {
            writing.write();
        } finally {
            tag.giveBack(bytes);
        }
    }

    /** Writes something. */
    @FunctionalInterface
    public interface Writing {
        /** Writes all of it. */
        void write() throws IOException;
    }

    /** What one answer holds until it is closed. Safe for use by many threads. */
    public final class Held implements AutoCloseable {
        private long bytes;
        private boolean closed;

        private Held() {}

        /**
         * Counts bytes that are to be taken.
         *
         * @throws QueryException when they are too many, or nobody waits for the answer any more
         */
        public synchronized void take(long moreBytes) {
            if (closed) {
                throw QueryException.execution("the answer has been given up");
            }
            long wanted = bytes + moreBytes;
            if (wanted > limitBytes) {
                throw QueryException.execution("the answer would use too much memory: at least " + wanted
                        + " bytes, the limit of an answer is " + limitBytes + " bytes; ask for less");
            }
            if (!tag.tryTake(moreBytes)) {
                throw QueryException.execution("the answer would use too much memory: at least " + wanted
                        + " bytes, all that are made " + (account.bytes() + moreBytes)
                        + " bytes, their limit together is " + account.limitBytes() + " bytes; ask for less, or later");
            }
            bytes = wanted;
        }

        /** What it holds now. */
        public synchronized long bytes() {
            return bytes;
        }

        @Override
        public synchronized void close() {
            closed = true;
            tag.giveBack(bytes);
            bytes = 0;
        }
    }
}
