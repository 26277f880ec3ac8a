// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.compact;

/**
 * The blocks of a data directory and what became of them since the start.
 *
 * @param blocks blocks that are open
 * @param sizeBytes what they take on disk
 * @param symbolBytes what their tables of texts take in memory
 * @param minTimeMs the first timestamp of the oldest block, {@link Long#MAX_VALUE} where there is none
 * @param maxTimeMs the end of the newest block, {@link Long#MIN_VALUE} where there is none
 * @param cuts blocks that were cut from the head
 * @param compactions blocks that were made of others
 * @param failedCompactions times that cutting or merging failed
 * @param timeDeletions blocks that went since they were too old
 * @param sizeDeletions blocks that went since there was no room for them
 * @param damaged blocks that were set aside since they cannot be read
 */
public record BlockStats(
        int blocks,
        long sizeBytes,
        long symbolBytes,
        long minTimeMs,
        long maxTimeMs,
        long cuts,
        long compactions,
        long failedCompactions,
        long timeDeletions,
        long sizeDeletions,
        long damaged) {}
