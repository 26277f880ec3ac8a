// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.memory.MemoryAccount;
import dev.narthex.promql.syntax.PromqlFeature;
import java.time.Duration;
import java.util.Set;

/**
 * What is to be evaluated and within which limits.
 *
 * @param query the text of the query, to say where something is
 * @param instant whether it is an instant query
 * @param startMs the first step
 * @param endMs the end of the range, which need not be a step
 * @param stepMs the distance of steps, 1 for an instant query
 * @param lookbackMs how old the newest sample of a series may be
 * @param defaultResolutionMs the resolution of subqueries that give none
 * @param maxSamples how many samples may be in memory at a time
 * @param maxBytes how many bytes it may hold at a time
 * @param memory what all queries hold, and may hold together
 * @param timeout how long it may take
 * @param features the experimental features that are enabled
 */
public record EvaluationRequest(
        String query,
        boolean instant,
        long startMs,
        long endMs,
        long stepMs,
        long lookbackMs,
        long defaultResolutionMs,
        long maxSamples,
        long maxBytes,
        MemoryAccount memory,
        Duration timeout,
        Set<PromqlFeature> features) {
    public EvaluationRequest {
        features = Set.copyOf(features);
    }

    Steps steps() {
        return instant ? Steps.single(startMs) : Steps.range(startMs, endMs, stepMs);
    }
}
