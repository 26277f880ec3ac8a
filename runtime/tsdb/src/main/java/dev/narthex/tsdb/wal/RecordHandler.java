// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.wal;

import java.io.IOException;

/** Takes the records of a log in their order. */
public interface RecordHandler {
    /** Takes a record, whose first byte is its type. The bytes are good until this returns. */
    void record(byte[] bytes, int offset, int length) throws IOException;

    /** The last timestamp of the samples taken since the last call; {@link Long#MIN_VALUE} where there was none. */
    long takeMaxTimeMs() throws IOException;
}
