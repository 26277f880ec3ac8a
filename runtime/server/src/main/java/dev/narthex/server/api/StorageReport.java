// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.api;

import java.util.OptionalLong;

/**
 * What the storage holds, for the report on resources.
 *
 * @param series active series
 * @param samplesPerSecond appended, averaged over the last minute
 * @param bytesUsed on disk
 * @param oldestSampleMs time of the oldest sample, milliseconds since 1970
 */
public record StorageReport(long series, double samplesPerSecond, long bytesUsed, OptionalLong oldestSampleMs) {}
