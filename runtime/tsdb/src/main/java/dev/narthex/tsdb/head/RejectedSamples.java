// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

/**
 * Samples that were refused since the start.
 *
 * @param outOfOrder older than the last one of their series, where there is no window for such
 * @param outOfBounds older than what the head takes, where there is no window for such
 * @param tooOld older than the window
 */
public record RejectedSamples(long outOfOrder, long outOfBounds, long tooOld) {}
