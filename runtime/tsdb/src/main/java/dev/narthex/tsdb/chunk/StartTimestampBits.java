// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.chunk;

/**
 * Writes the start timestamps of a chunk of encoding 4, 5 or 6 behind its samples, as {@link StartTimestamps} reads them.
 * For one thread.
 */
final class StartTimestampBits {
    private static final int FIRST = 0x80;
    /** No later sample can be told to be the first one with start bits. */
    private static final int LAST_FROM = 0x7f;

    private int flags;
    private long startMs;

    /** Begins a chunk, behind its first sample. */
    void begin(BitWriter out, long timestampMs, long firstStartMs) {
        flags = 0;
        startMs = firstStartMs;
        if (firstStartMs != 0) {
            flags = FIRST;
            out.svarint(timestampMs - firstStartMs);
        }
    }

    /** Goes on with a chunk as another call has left it. */
    void resume(int lastFlags, long lastStartMs) {
        flags = lastFlags;
        startMs = lastStartMs;
    }

    /**
     * Writes that of a later sample, behind it.
     *
     * @param number of the sample, from 1 on
     * @param formerMs the timestamp of the sample before
     * @param beforeFormerMs that of the one before it; without meaning for the second sample
     */
    void append(BitWriter out, int number, long newStartMs, long formerMs, long beforeFormerMs) {
        int from = flags & ~FIRST;
        if (from != 0) {
            out.varbitInt(formerMs - newStartMs - (beforeFormerMs - startMs));
        } else if (newStartMs != startMs || number == LAST_FROM) {
            flags |= number;
            out.varbitInt(formerMs - newStartMs);
        }
        startMs = newStartMs;
    }

    int flags() {
        return flags;
    }

    /** That of the last sample, 0 for none. */
    long startMs() {
        return startMs;
    }
}
