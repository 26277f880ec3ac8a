// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.compact;

import dev.narthex.tsdb.block.Block;
import dev.narthex.tsdb.block.BlockMeta;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Decides which blocks are merged next.
 *
 * <p>Blocks that overlap come first, those of samples out of order among themselves while the head has samples of their
 * time. Then those that fill a range of the next level: ranges are three times as long from
 * level to level and begin at multiples of their length; the newest block does not count, so that there is time for late
 * samples. At last a large block of which more than a twentieth of the series has deletions is written anew.
 */
public final class CompactionPlan {
    private static final double TOMBSTONE_SHARE = 0.05;
    private static final int LEVEL_FACTOR = 3;

    private final long[] rangesMs;

    private CompactionPlan(long[] rangesMs) {
        this.rangesMs = rangesMs;
    }

    /**
     * A plan of the ranges from one length to another.
     *
     * @param smallestMs the range of a block that is cut from the head
     * @param largestMs blocks are not merged into longer ones
     */
    public static CompactionPlan of(long smallestMs, long largestMs) {
        List<Long> ranges = new ArrayList<>();
        ranges.add(smallestMs);
        for (long range = smallestMs; range <= Long.MAX_VALUE / LEVEL_FACTOR && range * LEVEL_FACTOR <= largestMs; ) {
            range *= LEVEL_FACTOR;
            ranges.add(range);
        }
        return new CompactionPlan(ranges.stream().mapToLong(Long::longValue).toArray());
    }

    public long[] rangesMs() {
        return rangesMs.clone();
    }

    /** The blocks to be merged next, in order of time; one alone is to be written anew; none where all is well. */
    public List<Block> next(List<Block> blocks) {
        List<Block> sorted = new ArrayList<>(blocks);
        sorted.sort(Comparator.comparingLong((Block block) -> block.meta().minTimeMs()));
        sorted.removeIf(block -> block.meta().compaction().failed());
        List<Block> ahead = aheadOfOrder(sorted);
        sorted.removeAll(ahead);
        List<Block> overlapping = overlapping(sorted);
        if (overlapping.isEmpty()) {
            overlapping = overlapping(ahead);
        }
        if (!overlapping.isEmpty()) {
            return overlapping;
        }
        if (sorted.isEmpty()) {
            return List.of();
        }
        List<Block> old = sorted.subList(0, sorted.size() - 1);
        List<Block> level = level(old);
        if (!level.isEmpty()) {
            return level;
        }
        for (int i = old.size() - 1; i >= 0; i--) {
            Block block = old.get(i);
            boolean small = rangesMs.length > 1 && block.meta().rangeMs() < rangesMs[rangesMs.length / 2];
            if (!small && block.hasTombstones() && block.tombstoneShare() > TOMBSTONE_SHARE) {
                return List.of(block);
            }
        }
        return List.of();
    }

    /**
     * Blocks of samples that came out of order and end behind all samples that came in order and are in blocks. The head
     * goes on where the latter end, so that they are not merged with such before these have come as far.
     */
    private static List<Block> aheadOfOrder(List<Block> sorted) {
        long end = sorted.stream()
                .filter(block -> !block.meta().isOutOfOrder())
                .mapToLong(block -> block.meta().maxTimeMs())
                .max()
                .orElse(Long.MIN_VALUE);
        return sorted.stream()
                .filter(block -> block.meta().isOutOfOrder() && block.meta().maxTimeMs() > end)
                .toList();
    }

    private static List<Block> overlapping(List<Block> sorted) {
        List<Block> found = new ArrayList<>();
        long end = Long.MIN_VALUE;
        Block longest = null;
        for (Block block : sorted) {
            BlockMeta meta = block.meta();
            if (longest != null && meta.minTimeMs() < end) {
                if (found.isEmpty()) {
                    found.add(longest);
                }
                found.add(block);
            } else if (!found.isEmpty()) {
                break;
            }
            if (longest == null || meta.maxTimeMs() > end) {
                end = meta.maxTimeMs();
                longest = block;
            }
        }
        return found;
    }

    private List<Block> level(List<Block> sorted) {
        if (sorted.isEmpty()) {
            return List.of();
        }
        long newest = sorted.getLast().meta().minTimeMs();
        for (int level = 1; level < rangesMs.length; level++) {
            long range = rangesMs[level];
            for (int from = 0; from < sorted.size(); ) {
                long begin = Math.floorDiv(sorted.get(from).meta().minTimeMs(), range) * range;
                long end = begin + range;
                int to = from;
                List<Block> within = new ArrayList<>();
                while (to < sorted.size() && sorted.get(to).meta().minTimeMs() < end) {
                    if (sorted.get(to).meta().maxTimeMs() <= end) {
                        within.add(sorted.get(to));
                    }
                    to++;
                }
                boolean full = !within.isEmpty()
                        && within.getLast().meta().maxTimeMs()
                                        - within.getFirst().meta().minTimeMs()
                                == range;
                // A range that has gaps is merged once nothing more can come into it.
                if (within.size() > 1 && (full || end <= newest)) {
                    return within;
                }
                from = Math.max(to, from + 1);
            }
        }
        return List.of();
    }
}
