// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

/**
 * How far the replay of the log has come, in numbers of segments.
 *
 * @param min the first segment of the log
 * @param max the segment that the start has begun, which is not replayed
 * @param current the segment that is being replayed; {@code max} at the end
 */
public record ReplayProgress(int min, int max, int current) {}
