// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import dev.narthex.tsdb.compact.BlockStats;
import dev.narthex.tsdb.head.HeadStats;
import dev.narthex.tsdb.head.OutOfOrderStats;
import dev.narthex.tsdb.headchunk.HeadChunkRecovery;
import dev.narthex.tsdb.wal.WalRecovery;
import java.util.Map;

/**
 * What the TSDB holds and has gone through, at one moment.
 *
 * @param head series, chunks and samples in memory
 * @param memoryBytes slab memory in use
 * @param memoryLimitBytes from here on new series are refused
 * @param memoryBytesByTag slab memory by purpose
 * @param walBytes size of the log's segments
 * @param checkpointBytes size of the checkpoint
 * @param walSegment the number of the segment that is written to
 * @param walFailedWrites commits that failed since the log could not be written
 * @param walDamage what the last start found damaged, and mended
 * @param replay what the last start brought back
 * @param outOfOrder samples out of order in the head
 * @param wbl the log of samples out of order, and what became of it
 * @param headChunkBytes size of the files of head chunks
 * @param headChunkDamage what the last start found damaged in them, and mended
 * @param blocks the blocks on disk
 * @param truncations times that old samples were dropped
 * @param checkpoints checkpoints that were written
 * @param staleSeries series in memory that have ended, as of the last round of maintenance
 * @param staleSeriesLeft series that have ended and left memory before their time, since the start
 * @param cleanStart whether the last one who had the data directory has closed it
 * @param failedMaintenance times that truncation or checkpoint failed
 */
public record TsdbStats(
        HeadStats head,
        long memoryBytes,
        long memoryLimitBytes,
        Map<String, Long> memoryBytesByTag,
        long walBytes,
        long checkpointBytes,
        int walSegment,
        long walFailedWrites,
        WalRecovery.Damage walDamage,
        ReplayStats replay,
        OutOfOrderStats outOfOrder,
        OutOfOrderLogStats wbl,
        long headChunkBytes,
        HeadChunkRecovery.Damage headChunkDamage,
        BlockStats blocks,
        long truncations,
        long checkpoints,
        long staleSeries,
        long staleSeriesLeft,
        boolean cleanStart,
        long failedMaintenance) {
    public TsdbStats {
        memoryBytesByTag = Map.copyOf(memoryBytesByTag);
    }
}
