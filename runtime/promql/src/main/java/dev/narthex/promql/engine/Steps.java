// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.promql.value.QueryException;

/**
 * The moments at which an expression is evaluated.
 *
 * @param startMs the first one
 * @param stepMs the distance between two, greater than 0 where there is more than one
 * @param count how many there are
 */
record Steps(long startMs, long stepMs, int count) {
    Steps {
        if (count < 0 || (count > 1 && stepMs <= 0)) {
            throw new IllegalArgumentException("steps: " + count + " with a distance of " + stepMs + " ms");
        }
    }

    static Steps single(long timeMs) {
        return new Steps(timeMs, 1, 1);
    }

    /**
     * From a start to an end, which is a step itself where it falls on one.
     *
     * @throws QueryException when there are more than can be counted
     */
    static Steps range(long startMs, long endMs, long stepMs) {
        if (endMs < startMs) {
            return new Steps(startMs, stepMs, 0);
        }
        long count = (endMs - startMs) / stepMs + 1;
        if (count > Integer.MAX_VALUE || endMs - startMs < 0) {
            throw QueryException.execution("query processing would use too many steps: those from " + startMs + " to "
                    + endMs + " ms every " + stepMs + " ms, the limit is " + Integer.MAX_VALUE);
        }
        return new Steps(startMs, stepMs, (int) count);
    }

    long timeMs(int step) {
        return startMs + step * stepMs;
    }

    long endMs() {
        return timeMs(Math.max(0, count - 1));
    }

    /** The first step alone. */
    Steps first() {
        return single(startMs);
    }
}
