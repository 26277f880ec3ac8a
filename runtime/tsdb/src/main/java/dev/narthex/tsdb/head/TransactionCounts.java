// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

/**
 * The transactions of the head, which are numbered as they begin.
 *
 * @param begun since the start
 * @param open that are under way
 * @param oldestOpen the number of the oldest one under way, of the newest one where none is
 * @param unknownSeries samples, exemplars and notes for a series reference that stands for no series, or none any more
 */
public record TransactionCounts(long begun, int open, long oldestOpen, long unknownSeries) {}
