// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.block;

import java.util.List;

/**
 * What meta.json says of a block.
 *
 * @param ulid the name of the block and of its directory
 * @param minTimeMs the first timestamp that may be in the block, inclusive
 * @param maxTimeMs the end of the block's time, exclusive
 * @param stats what is in it
 * @param compaction how it came about
 */
public record BlockMeta(Ulid ulid, long minTimeMs, long maxTimeMs, Stats stats, Compaction compaction) {
    /** Says that the samples came out of order, so the head may still hold some of that time. */
    public static final String HINT_OUT_OF_ORDER = "from-out-of-order";

    /** Says that the samples are of series that have ended. */
    public static final String HINT_STALE_SERIES = "from-stale-series";

    /**
     * What is in a block.
     *
     * @param samples of all kinds
     * @param floatSamples 0 where meta.json does not say
     * @param histogramSamples 0 where meta.json does not say
     * @param tombstones spans that are deleted
     */
    public record Stats(
            long samples, long floatSamples, long histogramSamples, long series, long chunks, long tombstones) {
        public static final Stats NONE = new Stats(0, 0, 0, 0, 0, 0);

        Stats withTombstones(long count) {
            return new Stats(samples, floatSamples, histogramSamples, series, chunks, count);
        }
    }

    /** A block that this one was made of. */
    public record Parent(Ulid ulid, long minTimeMs, long maxTimeMs) {}

    /**
     * How a block came about.
     *
     * @param level 1 for a block cut from a head, one more than the highest of its parents otherwise
     * @param sources the blocks of level 1 that it goes back to
     * @param deletable nothing is left in it
     * @param parents the blocks that it was made of
     * @param failed merging it failed: it is left alone
     * @param hints marks, see {@link #HINT_OUT_OF_ORDER}
     */
    public record Compaction(
            int level,
            List<Ulid> sources,
            boolean deletable,
            List<Parent> parents,
            boolean failed,
            List<String> hints) {
        public Compaction {
            sources = List.copyOf(sources);
            parents = List.copyOf(parents);
            hints = List.copyOf(hints);
        }

        /** Of a block that was not made of others. */
        public static Compaction first(Ulid ulid, List<String> hints) {
            return new Compaction(1, List.of(ulid), false, List.of(), false, hints);
        }
    }

    public long rangeMs() {
        return maxTimeMs - minTimeMs;
    }

    public boolean isOutOfOrder() {
        return compaction.hints.contains(HINT_OUT_OF_ORDER);
    }

    /** Whether any timestamp in a range may be in the block, both ends inclusive. */
    public boolean overlaps(long mintMs, long maxtMs) {
        return minTimeMs <= maxtMs && mintMs < maxTimeMs;
    }

    public BlockMeta withStats(Stats newStats) {
        return new BlockMeta(ulid, minTimeMs, maxTimeMs, newStats, compaction);
    }

    public BlockMeta asFailed() {
        return new BlockMeta(
                ulid,
                minTimeMs,
                maxTimeMs,
                stats,
                new Compaction(
                        compaction.level,
                        compaction.sources,
                        compaction.deletable,
                        compaction.parents,
                        true,
                        compaction.hints));
    }
}
