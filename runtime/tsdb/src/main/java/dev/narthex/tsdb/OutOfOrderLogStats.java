// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import dev.narthex.tsdb.wal.WalRecovery;

/**
 * The log of samples out of order.
 *
 * @param sizeBytes size of its segments
 * @param segment the number of the segment that is written to, -1 where there is none
 * @param failedWrites commits that failed since it could not be written
 * @param truncations times that it was truncated since its samples were in blocks
 * @param failedTruncations times that this failed
 * @param blocksCut blocks of samples out of order that were cut since the start
 * @param damage what the last start found damaged, and mended
 * @param replay what the last start brought back
 */
public record OutOfOrderLogStats(
        long sizeBytes,
        int segment,
        long failedWrites,
        long truncations,
        long failedTruncations,
        long blocksCut,
        WalRecovery.Damage damage,
        ReplayStats replay) {}
