// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

/**
 * The times between which a head has samples, and from which on it takes and keeps them, milliseconds since 1970. Read by
 * many threads; each bound has one writer at a time.
 */
final class HeadTimes {
    /** How much older than the newest sample one may be. */
    private final long appendWindowMs;

    private volatile long minTimeMs = Long.MAX_VALUE;
    private volatile long maxTimeMs = Long.MIN_VALUE;
    private volatile long mintMs = Long.MIN_VALUE;
    private volatile long appendMintMs = Long.MIN_VALUE;

    HeadTimes(long appendWindowMs) {
        this.appendWindowMs = appendWindowMs;
    }

    /** Older samples are not taken in order. */
    long minValidTimeMs() {
        long newest = maxTimeMs;
        long window = newest < Long.MIN_VALUE + appendWindowMs ? Long.MIN_VALUE : newest - appendWindowMs;
        return Math.max(boundMs(), window);
    }

    /** Older samples do not belong into the head: they have gone to blocks, or are not kept any more. */
    long boundMs() {
        return Math.max(mintMs, appendMintMs);
    }

    /** Enters the first and the last of some samples. */
    void widen(long firstMs, long lastMs) {
        if (firstMs < minTimeMs) {
            minTimeMs = firstMs;
        }
        if (lastMs > maxTimeMs) {
            maxTimeMs = lastMs;
        }
    }

    /** Samples before a time are not taken any more, but shown. */
    void refuseBefore(long timeMs) {
        appendMintMs = Math.max(appendMintMs, timeMs);
    }

    /** Samples before a time are not taken and not shown any more. */
    void hideBefore(long timeMs) {
        mintMs = Math.max(mintMs, timeMs);
    }

    /** What is hidden has been dropped. */
    void dropped() {
        minTimeMs = Math.max(minTimeMs, mintMs);
    }

    /** When all samples are out of reach that are not newer than the newest one now. */
    long pastEverythingMs() {
        long rangeMs = 2 * appendWindowMs;
        // Another range of chunks, in case something still waits to be written.
        return maxTimeMs > Long.MAX_VALUE - rangeMs ? Long.MAX_VALUE : maxTimeMs + rangeMs;
    }

    /** Whether the first and the last sample are further apart than so much, milliseconds. */
    boolean isLongerThan(long spanMs) {
        long oldest = minTimeMs;
        long newest = maxTimeMs;
        if (newest < oldest) {
            return false;
        }
        long span = newest - oldest;
        return span < 0 || span > spanMs; // it may be longer than all that a number holds
    }

    /** Samples before this are dropped. */
    long mintMs() {
        return mintMs;
    }

    /** The first timestamp, {@link Long#MAX_VALUE} where there is none. */
    long minTimeMs() {
        return minTimeMs;
    }

    /** The last timestamp, {@link Long#MIN_VALUE} where there is none. */
    long maxTimeMs() {
        return maxTimeMs;
    }
}
