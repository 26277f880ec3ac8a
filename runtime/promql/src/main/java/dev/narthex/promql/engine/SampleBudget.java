// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.promql.value.QueryException;

/** Counts the samples that a query holds in memory, and stops it at the limit. */
final class SampleBudget {
    private final long limit;
    private long held;
    private long peak;

    SampleBudget(long limit) {
        this.limit = limit;
    }

    void take(long samples) {
        held += samples;
        if (held > peak) {
            peak = held;
            if (held > limit) {
                throw QueryException.execution(
                        "query processing would load too many samples into memory in query execution: at least " + held
                                + ", the limit is " + limit);
            }
        }
    }

    void release(long samples) {
        held -= samples;
    }

    long peak() {
        return peak;
    }
}
