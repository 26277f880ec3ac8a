// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import dev.narthex.tsdb.compact.BlockObserver;
import dev.narthex.tsdb.wal.WalObserver;

/** Is told what a TSDB does and how long that takes, for metrics. Safe for use by many threads. */
public interface TsdbObserver extends WalObserver, BlockObserver {
    /** One that is told in vain. */
    TsdbObserver NONE = new TsdbObserver() {};

    /** What the directory holds has been brought back. */
    default void replayed(long nanos) {}

    /** Old series and chunks were removed from the head. */
    default void headCollected(long nanos) {}

    /** The head begins later than before: its first samples are in a block, or too old. */
    default void headTruncated() {}

    /** Chunks went from memory to files. */
    default void chunksMapped(int count) {}

    /** A sample was so much older than the newest one that it was out of order, whether it was taken or not. */
    default void outOfOrder(long ageMs) {}

    /** A round of maintenance looks for blocks to cut and to merge. */
    default void compactionTriggered() {}

    /** A round of maintenance has left blocks alone, since they are not to be changed. */
    default void compactionSkipped() {}

    /** A round of maintenance has failed before the head was truncated. */
    default void truncationFailed() {}

    /** A checkpoint took the place of segments of the log, which are removed. */
    default void logTruncated(long nanos) {}

    /**
     * Checkpoints that others stand for were to be removed.
     *
     * @param well whether all of them are
     */
    default void checkpointsRemoved(boolean well) {}

    /** A checkpoint could not be written. */
    default void checkpointFailed() {}

    /** Series that have ended went to blocks, or could not. */
    default void staleSeriesCompacted(long nanos, boolean well) {}

    /** Blocks were written anew without deleted samples. */
    default void tombstonesCleaned(long nanos) {}
}
