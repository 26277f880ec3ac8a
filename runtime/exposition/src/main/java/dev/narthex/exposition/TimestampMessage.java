// SPDX-License-Identifier: Apache-2.0
package dev.narthex.exposition;

import dev.narthex.wire.ProtobufReader;

/** A {@code google.protobuf.Timestamp}; one that is given again is read on top of what was read before. For one thread. */
final class TimestampMessage {
    private static final int SECONDS = 1;
    private static final int NANOS = 2;
    private static final long MILLIS_PER_SECOND = 1000;
    private static final int NANOS_PER_MILLI = 1_000_000;

    private long seconds;
    private int nanos;
    private boolean isThere;

    void clear() {
        seconds = 0;
        nanos = 0;
        isThere = false;
    }

    /** Reads the reader's current field. */
    void read(ProtobufReader reader) {
        isThere = true;
        int outer = reader.enter();
        for (int field = reader.next(); field != 0; field = reader.next()) {
            switch (field) {
                case SECONDS -> seconds = reader.int64();
                case NANOS -> nanos = reader.int32();
                default -> {
                    // Of a later version.
                }
            }
        }
        reader.leave(outer);
    }

    /** Whether one was read. */
    boolean isThere() {
        return isThere;
    }

    /** In milliseconds since 1970; 0 where none was read. */
    long millis() {
        return seconds * MILLIS_PER_SECOND + nanos / NANOS_PER_MILLI;
    }
}
