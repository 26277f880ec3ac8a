// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.chunk;

import dev.narthex.model.CounterResetHint;

/** What a histogram chunk says of a counter reset before its first sample, and of all of its samples where they are gauges. */
public enum CounterResetHeader {
    UNKNOWN(0b00),
    NOT_RESET(0b01),
    RESET(0b10),
    GAUGE(0b11);

    private static final int SHIFT = 6;

    private final int bits;

    CounterResetHeader(int bits) {
        this.bits = bits;
    }

    /** The byte of the chunk. */
    int flags() {
        return bits << SHIFT;
    }

    /** The header of a chunk; what else is in its byte has no meaning yet. */
    static CounterResetHeader of(int flags) {
        return switch (flags >>> SHIFT & 0b11) {
            case 0b00 -> UNKNOWN;
            case 0b01 -> NOT_RESET;
            case 0b10 -> RESET;
            default -> GAUGE;
        };
    }

    /** What a histogram says of itself when it begins a chunk and nothing is known of those before it. */
    public static CounterResetHeader first(CounterResetHint hint) {
        return switch (hint) {
            case RESET -> RESET;
            case GAUGE -> GAUGE;
            case UNKNOWN, NOT_RESET -> UNKNOWN;
        };
    }

    /**
     * What a sample of the chunk tells its reader. The first one of a chunk tells nothing: the samples that were before
     * it when it was appended may be gone by now, or others may have come between.
     */
    CounterResetHint hint(boolean first) {
        if (this == GAUGE) {
            return CounterResetHint.GAUGE;
        }
        return first ? CounterResetHint.UNKNOWN : CounterResetHint.NOT_RESET;
    }
}
