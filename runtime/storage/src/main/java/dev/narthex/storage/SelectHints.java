// SPDX-License-Identifier: Apache-2.0
package dev.narthex.storage;

/**
 * What a reader is going to do with a selection, so that a storage can prepare.
 *
 * @param startMs the first timestamp wanted, inclusive
 * @param endMs the last timestamp wanted, inclusive
 * @param stepMs the distance of evaluation steps, 0 for an instant query
 * @param rangeMs the range of a range selector, 0 for an instant selector
 * @param function the function applied to the selection, empty where there is none
 * @param sorted whether the series must come in the order of their labels
 * @param limit how many series are wanted at the most, 0 for all; a storage may give more
 * @param shard which shard of the series is wanted, from 0; must be obeyed
 * @param shards into how many shards the series are split by a hash of their labels, 0 or 1 for none
 * @param newestOnly whether of each series the newest sample in the range will do; a storage may give more
 */
public record SelectHints(
        long startMs,
        long endMs,
        long stepMs,
        long rangeMs,
        String function,
        boolean sorted,
        int limit,
        int shard,
        int shards,
        boolean newestOnly) {
    /** Hints without limit and shards. */
    public SelectHints(long startMs, long endMs, long stepMs, long rangeMs, String function, boolean sorted) {
        this(startMs, endMs, stepMs, rangeMs, function, sorted, 0, 0, 0, false);
    }

    /** Hints of a read that looks at all samples in the range. */
    public SelectHints(
            long startMs,
            long endMs,
            long stepMs,
            long rangeMs,
            String function,
            boolean sorted,
            int limit,
            int shard,
            int shards) {
        this(startMs, endMs, stepMs, rangeMs, function, sorted, limit, shard, shards, false);
    }

    /** Hints of a read that looks at one sample of each series, the newest that is in the range. */
    public static SelectHints newest(long startMs, long endMs) {
        return new SelectHints(startMs, endMs, 0, 0, "", false, 0, 0, 0, true);
    }

    /** The same with all series, in the order of their labels. */
    public SelectHints allSorted() {
        return new SelectHints(startMs, endMs, stepMs, rangeMs, function, true, 0, 0, 0, newestOnly);
    }

    /** Hints of a plain read of a time range, series in the order of their labels. */
    public static SelectHints range(long startMs, long endMs) {
        return new SelectHints(startMs, endMs, 0, 0, "", true);
    }
}
