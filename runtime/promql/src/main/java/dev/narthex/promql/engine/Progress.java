// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.model.time.Ticker;
import dev.narthex.promql.value.QueryException;
import java.time.Duration;
import java.util.Comparator;

/**
 * Ends a query that is canceled or late. Whatever loops over series, steps or samples says how much it has done; once in a
 * while that leads to a look at the clock and at whether the thread was interrupted. For one thread.
 */
final class Progress {
    /** Units between two looks; a unit is what takes a few nanoseconds, and some tens at most. */
    private static final int UNITS = 1 << 14;

    /** Samples of a long window that are looked at between two looks. */
    static final int PIECE = 1 << 16;

    /** How many units it takes to do something with a native histogram. */
    static final int HISTOGRAM = 64;

    private final Ticker ticker;
    private final Duration timeout;
    private final long deadlineNanos;
    private long left = UNITS;

    /**
     * Begins.
     *
     * @param startNanos since when the time of the query runs
     */
    Progress(Ticker ticker, Duration timeout, long startNanos) {
        this.ticker = ticker;
        this.timeout = timeout;
        this.deadlineNanos = startNanos + timeout.toNanos();
    }

    /** Says that units of work were done, or are to be done at once. */
    void work(long units) {
        left -= units;
        if (left < 0) {
            look();
        }
    }

    /**
     * Looks whether the query goes on.
     *
     * @throws QueryException when it does not
     */
    void look() {
        left = UNITS;
        if (Thread.currentThread().isInterrupted()) {
            throw new QueryException(QueryException.Kind.CANCELED, "query was canceled in expression evaluation");
        }
        if (ticker.nanos() - deadlineNanos > 0) {
            throw new QueryException(
                    QueryException.Kind.TIMEOUT,
                    "query timed out in expression evaluation: it took longer than " + timeout.toMillis() / 1000.0
                            + " s");
        }
    }

    /**
     * For loops over samples, of which a window may have many millions: where the next piece of them ends. Before each but
     * the last one a look is due.
     *
     * @param from where the piece begins
     * @param to where the samples end
     */
    int pieceEnd(int from, int to) {
        if (to - from <= PIECE) {
            return to;
        }
        look();
        return from + PIECE;
    }

    /**
     * For loops over steps that do the same at each one: at steps that are multiples of the mask plus one a look is due.
     *
     * @param units how much there is to do at a step
     * @return a mask of the lowest bits
     */
    static int mask(long units) {
        return (int) Math.max(1, Long.highestOneBit(UNITS / Math.max(1, units))) - 1;
    }

    /** The same order, where comparing counts as work. */
    <T> Comparator<T> counted(Comparator<? super T> order) {
        return (left, right) -> {
            work(8);
            return order.compare(left, right);
        };
    }
}
