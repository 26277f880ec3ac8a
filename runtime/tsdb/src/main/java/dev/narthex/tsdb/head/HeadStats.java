// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

/**
 * What the head holds and has done.
 *
 * @param series series in the index
 * @param labelPairs distinct pairs of a name and a value
 * @param symbols distinct names and values
 * @param chunks chunks, open ones included
 * @param samplesAppended samples added since the start, replayed ones left out
 * @param outOfOrderSamples samples that were older than the last one of their series
 * @param duplicateSamples samples that had the timestamp of the last one and another value
 * @param seriesCreated series made since the start
 * @param seriesRemoved series collected since the start
 * @param minTimeMs the oldest timestamp, {@link Long#MAX_VALUE} where there is none
 * @param maxTimeMs the newest timestamp, {@link Long#MIN_VALUE} where there is none
 * @param activeQueriers queriers that are open
 */
public record HeadStats(
        long series,
        long labelPairs,
        long symbols,
        long chunks,
        long samplesAppended,
        long outOfOrderSamples,
        long duplicateSamples,
        long seriesCreated,
        long seriesRemoved,
        long minTimeMs,
        long maxTimeMs,
        int activeQueriers) {}
