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

    /** Takes the last write back, which another log has not followed. A log that keeps nothing has nothing to do. */
    default void takeBack() throws IOException {}

    /** Makes good that a write could not be taken back when it failed, as the next write would. */
    default void mend() throws IOException {}
}
