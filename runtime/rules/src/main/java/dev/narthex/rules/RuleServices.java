// SPDX-License-Identifier: Apache-2.0
package dev.narthex.rules;

import dev.narthex.model.time.Scheduler;
import dev.narthex.model.time.Ticker;
import dev.narthex.storage.Appendable;
import dev.narthex.storage.Queryable;
import java.time.InstantSource;

/**
 * The rooms that rules work with.
 *
 * @param queries evaluates expressions
 * @param appendable takes the samples that rules make
 * @param queryable has the samples of before a restart
 * @param sink takes alerts
 * @param scheduler runs groups when they are due
 * @param observer is told how long evaluations take
 */
public record RuleServices(
        QueryFunction queries,
        Appendable appendable,
        Queryable queryable,
        AlertSink sink,
        Scheduler scheduler,
        RuleOptions options,
        RuleObserver observer) {
    /** Those that nobody watches. */
    public RuleServices(
            QueryFunction queries,
            Appendable appendable,
            Queryable queryable,
            AlertSink sink,
            Scheduler scheduler,
            RuleOptions options) {
        this(queries, appendable, queryable, sink, scheduler, options, RuleObserver.NONE);
    }

    InstantSource clock() {
        return scheduler.clock();
    }

    Ticker ticker() {
        return scheduler.ticker();
    }
}
