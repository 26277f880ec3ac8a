// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import dev.narthex.tsdb.wal.WalBatch;
import java.io.IOException;

/** Where commits are made durable before they become visible. */
@FunctionalInterface
public interface Log {
    /**
     * Writes records, all of them or none.
     *
     * @param maxTimeMs the last timestamp of the samples among them
     */
    void write(WalBatch batch, long maxTimeMs) throws IOException;
}
