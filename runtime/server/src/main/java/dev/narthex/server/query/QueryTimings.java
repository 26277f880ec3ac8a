// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.query;

import dev.narthex.model.time.Ticker;

/** How long a query waited for its turn and how long it had it. Written by the thread that evaluates, read by any. */
public final class QueryTimings {
    private final Ticker ticker;
    private final long submittedNanos;
    private volatile long startNanos;
    private volatile long endNanos;
    private volatile boolean begun;
    private volatile boolean ended;

    /** A query that is submitted now. */
    public QueryTimings(Ticker ticker) {
        this.ticker = ticker;
        this.submittedNanos = ticker.nanos();
    }

    long submittedNanos() {
        return submittedNanos;
    }

    void begin() {
        startNanos = ticker.nanos();
        begun = true;
    }

    void end() {
        endNanos = ticker.nanos();
        ended = true;
    }

    boolean isBegun() {
        return begun;
    }

    /** How long it waited, so far where it still does. */
    public long queueNanos() {
        return (begun ? startNanos : ticker.nanos()) - submittedNanos;
    }

    /** How long it was evaluated, so far where it still is; 0 where it has not begun. */
    public long runNanos() {
        return begun ? (ended ? endNanos : ticker.nanos()) - startNanos : 0;
    }
}
