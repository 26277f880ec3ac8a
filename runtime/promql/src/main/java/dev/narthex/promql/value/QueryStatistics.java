// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.value;

/**
 * What a query cost.
 *
 * @param queryableSamples how many samples its steps looked at, a sample once for each step
 * @param peakSamples how many samples it held at most at a time
 * @param elapsedNanos how long it was evaluated, without waiting for its turn
 * @param queueNanos how long it waited for its turn
 */
public record QueryStatistics(long queryableSamples, long peakSamples, long elapsedNanos, long queueNanos) {}
