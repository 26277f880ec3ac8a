// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The {@code storage} section.
 *
 * @param tsdb null where nothing is said
 * @param maxExemplars most exemplars held in memory; null where nothing is said, which is {@link
 *     #DEFAULT_MAX_EXEMPLARS}
 */
public record StorageConfig(@Nullable Tsdb tsdb, @Nullable Long maxExemplars) {
    public static final StorageConfig NONE = new StorageConfig(null, null);
    public static final long DEFAULT_MAX_EXEMPLARS = 100_000;

    /**
     * The {@code tsdb} section.
     *
     * @param outOfOrderTimeWindow how much older than the newest sample of its series a sample may be
     * @param staleSeriesCompactionThreshold the share of stale series in the head from which they are compacted early, 0
     *     for never; null where nothing is said
     * @param floatChunkEncoding {@code xor} or {@code xor2}, empty for the default
     * @param retention null where nothing is said, which leaves it to the command line
     */
    public record Tsdb(
            Duration outOfOrderTimeWindow,
            @Nullable Double staleSeriesCompactionThreshold,
            String floatChunkEncoding,
            @Nullable Retention retention) {}

    /**
     * How long data is kept; zero for no such limit.
     *
     * @param percentage of the disk that blocks may take
     */
    public record Retention(Duration time, long sizeBytes, double percentage) {}
}
