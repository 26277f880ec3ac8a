// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import java.util.function.UnaryOperator;

/**
 * What is the same for all scrapes of a server.
 *
 * @param version the version that scrapes name as their user agent
 * @param seed a random number: it spreads the scrapes of servers with the same targets, and keeps targets from choosing
 *     series that collide in a hash table
 * @param maxBodyBytes most bytes of an unpacked body, whatever a configuration allows
 * @param timestampToleranceMs a scrape that begins so close to its time counts as punctual, milliseconds; 0 for none
 * @param extraMetrics whether jobs that do not say it write the series of {@code extra_scrape_metrics}
 * @param globalUrl turns the URL of a target into the one that other machines know it by
 * @param startTimestamps whether start timestamps are handed to the storage, and {@code _created} lines of OpenMetrics taken
 *     for them
 * @param metadata whether what an exposition says of its metrics is handed to the storage
 */
public record ScrapeSettings(
        String version,
        long seed,
        long maxBodyBytes,
        long timestampToleranceMs,
        boolean extraMetrics,
        UnaryOperator<String> globalUrl,
        boolean startTimestamps,
        boolean metadata) {
    /** The tolerance of Prometheus: even distances between timestamps take less space in the storage. */
    public static final long TIMESTAMP_TOLERANCE_MS = 2;

    /** Settings with a limit for bodies that fits the memory. */
    public static ScrapeSettings of(String version, long seed) {
        return new ScrapeSettings(
                version,
                seed,
                maxBodyBytesOfThisMachine(),
                TIMESTAMP_TOLERANCE_MS,
                false,
                UnaryOperator.identity(),
                false,
                false);
    }

    /** The same but for what is handed to the storage beside samples. */
    public ScrapeSettings withHandedOver(boolean handStartTimestamps, boolean handMetadata) {
        return new ScrapeSettings(
                version,
                seed,
                maxBodyBytes,
                timestampToleranceMs,
                extraMetrics,
                globalUrl,
                handStartTimestamps,
                handMetadata);
    }

    /** A limit for bodies that fits the memory: a power of two, as buffers are, and at most an eighth of the heap. */
    public static long maxBodyBytesOfThisMachine() {
        return Long.highestOneBit(Runtime.getRuntime().maxMemory() / 8);
    }
}
