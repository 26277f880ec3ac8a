// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

/**
 * The ranges of time that chunks do not go across: from one multiple of their length to the next. Since nearly all samples
 * of a moment lie in one range, its bounds are kept, and a comparison does where a division would be needed. For the writer.
 */
final class ChunkRange {
    private final long lengthMs;
    private long fromMs;
    /** The last timestamp of the range. */
    private long lastMs = -1;

    ChunkRange(long lengthMs) {
        this.lengthMs = lengthMs;
    }

    /** Whether two timestamps lie in one range, of which the first is not the later one. */
    boolean holdsBoth(long earlierMs, long laterMs) {
        if (earlierMs >= fromMs && laterMs <= lastMs) {
            return true;
        }
        long inRange = Math.floorMod(laterMs, lengthMs);
        if (laterMs < Long.MIN_VALUE + inRange || laterMs > Long.MAX_VALUE - lengthMs) {
            return Math.floorDiv(earlierMs, lengthMs) == Math.floorDiv(laterMs, lengthMs);
        }
        fromMs = laterMs - inRange;
        lastMs = fromMs + lengthMs - 1;
        return earlierMs >= fromMs;
    }
}
