// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.chunk;

/**
 * Reads the start timestamps of a chunk of encoding 4, 5 or 6 beside its samples (docs/formats/xor2-chunk.md). They stand
 * behind the sample that they belong to, from one sample on; those before it have that of the first, or none. For one
 * thread.
 */
final class StartTimestamps {
    private static final int FIRST = 0x80;

    private final BitReader in;
    private boolean first;
    private int from;
    private long startMs;
    private long lag;

    StartTimestamps(BitReader in) {
        this.in = in;
    }

    /** Begins a chunk by the byte that says where start timestamps are. */
    void begin(int flags) {
        first = (flags & FIRST) != 0;
        from = flags & ~FIRST;
        startMs = 0;
        lag = 0;
    }

    /** Reads that of the first sample. */
    void readFirst(long timestampMs) {
        if (first) {
            startMs = timestampMs - in.svarint();
        }
    }

    /**
     * Reads that of the sample with a number from 1 on.
     *
     * @param formerMs the timestamp of the sample before
     */
    void read(int number, long formerMs) {
        if (from > 0 && number >= from) {
            lag += in.varbitInt();
            startMs = formerMs - lag;
        }
    }

    /** The start timestamp of the sample that was read last, milliseconds since 1970; 0 where it has none. */
    long startMs() {
        return startMs;
    }
}
