// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import dev.narthex.tsdb.wal.RecordHandler;
import dev.narthex.tsdb.wal.RecordType;
import java.io.IOException;

/**
 * Leaves out the records of the log that a snapshot of the head stands for, but for series, whose references no other may
 * get, and metadata, which no snapshot has. For one thread.
 */
final class SkippedSamples implements RecordHandler {
    private final RecordHandler handler;
    private boolean skipping;

    /** @param skipping whether to begin so, see {@link #end} */
    SkippedSamples(RecordHandler handler, boolean skipping) {
        this.handler = handler;
        this.skipping = skipping;
    }

    /** From here on everything is passed on. */
    void end() {
        skipping = false;
    }

    @Override
    public void record(byte[] bytes, int offset, int length) throws IOException {
        int type = length == 0 ? RecordType.SERIES : bytes[offset] & 0xff;
        boolean passed = !skipping || type == RecordType.SERIES || type == RecordType.METADATA;
        if (passed && type != RecordType.UNLOGGED_SERIES) { // which means nothing in a log
            handler.record(bytes, offset, length);
        }
    }

    @Override
    public long takeMaxTimeMs() throws IOException {
        return handler.takeMaxTimeMs();
    }
}
