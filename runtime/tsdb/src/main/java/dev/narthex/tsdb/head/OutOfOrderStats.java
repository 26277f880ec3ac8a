// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

/**
 * What the head holds of samples that came out of order, and has refused.
 *
 * @param floatsAppended floats added out of order since the start, replayed ones left out
 * @param histogramsAppended histograms, the same
 * @param chunks chunks in memory and in files
 * @param chunksRemoved chunks that have left since the start
 * @param minTimeMs the oldest timestamp, {@link Long#MAX_VALUE} where there is none
 * @param maxTimeMs the newest timestamp, {@link Long#MIN_VALUE} where there is none
 * @param rejectedFloats floats that were refused for their time
 * @param rejectedHistograms histograms, the same
 */
public record OutOfOrderStats(
        long floatsAppended,
        long histogramsAppended,
        long chunks,
        long chunksRemoved,
        long minTimeMs,
        long maxTimeMs,
        RejectedSamples rejectedFloats,
        RejectedSamples rejectedHistograms) {}
