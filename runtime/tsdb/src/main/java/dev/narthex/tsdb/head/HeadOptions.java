// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import dev.narthex.memory.MemoryAccount;
import java.util.function.LongConsumer;

/**
 * What a head keeps besides samples.
 *
 * @param maxExemplars how many exemplars are kept, 0 for none
 * @param startTimestampZeros whether a zero is added at the start of the counting that a sample shows
 * @param startTimestamps whether start timestamps of samples are kept
 * @param outOfOrderMs is told by how much a sample is older than the newest one of the head, milliseconds, where that makes
 *     it one out of order, whether it is taken or not; by many threads
 * @param reads the account of what queries and other reads hold: those that do not fit are refused
 */
public record HeadOptions(
        int maxExemplars,
        boolean startTimestampZeros,
        boolean startTimestamps,
        LongConsumer outOfOrderMs,
        MemoryAccount reads) {
    /** Neither exemplars nor zeros, nor start timestamps, and no limit of reads. */
    public static final HeadOptions NONE = new HeadOptions(0, false, false, _ -> {}, new MemoryAccount(Long.MAX_VALUE));

    public HeadOptions {
        if (maxExemplars < 0) {
            throw new IllegalArgumentException(
                    "head: maximal number of exemplars must not be negative, found " + maxExemplars);
        }
    }
}
