// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

/**
 * What the head holds and has done.
 *
 * @param series series in the index
 * @param labelPairs distinct pairs of a name and a value
 * @param symbols distinct names and values
 * @param chunks chunks of samples in order, open ones included
 * @param chunksCreated such chunks that were begun since the start, and those that the start has found
 * @param histogramSeries series whose last sample is a native histogram, a staleness marker behind one included
 * @param histogramBuckets the buckets of these last samples together
 * @param samplesAppended samples added in order since the start, replayed ones left out
 * @param histogramsAppended those of them that are native histograms
 * @param outOfOrderSamples samples that were older than the last one of their series
 * @param duplicateSamples samples that had the timestamp of the last one and another value
 * @param seriesCreated series made since the start, and by it
 * @param seriesRemoved series collected since the start
 * @param minTimeMs the oldest timestamp, {@link Long#MAX_VALUE} where there is none
 * @param maxTimeMs the newest timestamp, {@link Long#MIN_VALUE} where there is none
 * @param activeQueriers queriers that are open
 * @param transactions transactions that add samples
 */
public record HeadStats(
        long series,
        long labelPairs,
        long symbols,
        long chunks,
        long chunksCreated,
        long histogramSeries,
        long histogramBuckets,
        long samplesAppended,
        long histogramsAppended,
        long outOfOrderSamples,
        long duplicateSamples,
        long seriesCreated,
        long seriesRemoved,
        long minTimeMs,
        long maxTimeMs,
        int activeQueriers,
        TransactionCounts transactions) {}
