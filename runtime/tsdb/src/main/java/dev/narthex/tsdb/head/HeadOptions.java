// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

/**
 * What a head keeps besides samples.
 *
 * @param maxExemplars how many exemplars are kept, 0 for none
 * @param startTimestampZeros whether a zero is added at the start of the counting that a sample shows
 */
public record HeadOptions(int maxExemplars, boolean startTimestampZeros) {
    /** Neither exemplars nor zeros. */
    public static final HeadOptions NONE = new HeadOptions(0, false);

    public HeadOptions {
        if (maxExemplars < 0) {
            throw new IllegalArgumentException(
                    "head: maximal number of exemplars must not be negative, found " + maxExemplars);
        }
    }
}
