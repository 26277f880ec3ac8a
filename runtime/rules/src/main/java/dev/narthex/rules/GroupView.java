// SPDX-License-Identifier: Apache-2.0
package dev.narthex.rules;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A rule group as the API and the metrics show it.
 *
 * @param evaluationTime how long the last evaluation took, zero before the first
 * @param lastEvaluation when it began, null before the first
 * @param counters what the group has done so far
 */
public record GroupView(
        String name,
        String file,
        Duration interval,
        int limit,
        Duration queryOffset,
        List<RuleView> rules,
        Duration evaluationTime,
        @Nullable Instant lastEvaluation,
        GroupCounters counters) {
    public GroupView {
        rules = List.copyOf(rules);
    }

    /** The name under which metrics show the group: file and name. */
    public String key() {
        return file + ";" + name;
    }

    /**
     * What a group has done so far.
     *
     * @param iterations evaluations that were due, missed ones included
     * @param missed evaluations left out, since the one before was not finished
     * @param evaluations of single rules
     * @param failures evaluations of single rules that failed
     * @param lastSamples samples that the last evaluation made
     * @param restoreNanos how long it took to restore the {@code for} state of before a restart
     */
    public record GroupCounters(
            long iterations, long missed, long evaluations, long failures, long lastSamples, long restoreNanos) {}
}
