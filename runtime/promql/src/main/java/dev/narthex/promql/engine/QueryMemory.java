// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.memory.MemoryAccount;
import dev.narthex.model.HistogramLayout;
import dev.narthex.model.Labels;
import dev.narthex.model.NativeHistogram;
import dev.narthex.promql.value.QueryException;

/**
 * Counts the bytes that a query holds, before they are taken, and stops it at a limit: its own, or that of all queries
 * that run. What objects take is estimated, rather too high than too low. For one thread.
 */
final class QueryMemory implements AutoCloseable {
    /** The account is shared by all threads: so bytes are entered in pieces. */
    private static final long PIECE = 64 << 10;

    private static final int LABELS_BYTES = 40;
    private static final int LABEL_BYTES = 48;
    private static final int HISTOGRAM_BYTES = 96;

    private final long limitBytes;
    private final MemoryAccount account;
    private final MemoryAccount.Tag tag;
    private long held;
    private long entered;

    /**
     * Begins with nothing.
     *
     * @param limitBytes how much this query may hold
     * @param account what all queries hold, and may hold together
     */
    QueryMemory(long limitBytes, MemoryAccount account) {
        this.limitBytes = limitBytes;
        this.account = account;
        this.tag = account.tag("queries");
    }

    /**
     * Counts bytes that are to be taken.
     *
     * @throws QueryException when they are too many
     */
    void take(long bytes) {
        long wanted = held + bytes;
        if (wanted > limitBytes) {
            throw QueryException.execution("query processing would use too much memory: at least " + wanted
                    + " bytes, the limit of a query is " + limitBytes + " bytes");
        }
        if (wanted > entered) {
            enter(wanted);
        }
        held = wanted;
    }

    private void enter(long wanted) {
        long least = wanted - entered;
        if (tag.tryTake(least + PIECE)) {
            entered += least + PIECE;
        } else if (tag.tryTake(least)) {
            entered += least;
        } else {
            throw QueryException.execution("query processing would use too much memory: at least " + wanted
                    + " bytes, all queries that run " + (account.bytes() + least) + " bytes, their limit together is "
                    + account.limitBytes() + " bytes");
        }
    }

    void giveBack(long bytes) {
        held -= bytes;
        if (entered - held > 4 * PIECE) {
            tag.giveBack(entered - held - PIECE);
            entered = held + PIECE;
        }
    }

    /** The bytes that are held now. */
    long held() {
        return held;
    }

    /** The bytes of labels that belong to one series only. */
    static long bytes(Labels labels) {
        long bytes = LABELS_BYTES;
        for (int i = 0; i < labels.size(); i++) {
            bytes += LABEL_BYTES + labels.value(i).length();
        }
        return bytes;
    }

    static long bytes(NativeHistogram histogram) {
        HistogramLayout layout = histogram.layout();
        return HISTOGRAM_BYTES + 8L * (layout.positiveBuckets() + layout.negativeBuckets());
    }

    /** Counts what one operator holds, to be given back at once. */
    Share share() {
        return new Share();
    }

    /** What one operator holds. */
    final class Share {
        private long bytes;

        void take(long taken) {
            QueryMemory.this.take(taken);
            bytes += taken;
        }

        void giveBack(long given) {
            bytes -= given;
            QueryMemory.this.giveBack(given);
        }

        /** Gives back all that was taken. */
        void giveBackAll() {
            giveBack(bytes);
        }
    }

    /** Gives back all. */
    @Override
    public void close() {
        tag.giveBack(entered);
        entered = 0;
        held = 0;
    }
}
