// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

/**
 * What the ring of exemplars holds and has taken, at one moment.
 *
 * @param exemplars how many there are
 * @param capacity how many there may be
 * @param series how many series they are of
 * @param appended how many have been taken
 * @param outOfOrder how many came too late, of those that a transaction had taken
 * @param oldestTimestampMs of the one that is the next to go, {@link Long#MIN_VALUE} where there is none
 */
public record ExemplarStats(
        int exemplars, int capacity, int series, long appended, long outOfOrder, long oldestTimestampMs) {}
