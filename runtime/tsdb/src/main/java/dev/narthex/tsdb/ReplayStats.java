// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

/**
 * What the replay at the start found.
 *
 * @param samples samples brought back
 * @param unknownSeriesSamples samples left out, for their series was not in the log
 * @param unusedRecords records of types that are not used (tombstones)
 * @param malformedRecords records or series that could not be understood
 */
public record ReplayStats(long samples, long unknownSeriesSamples, long unusedRecords, long malformedRecords) {}
