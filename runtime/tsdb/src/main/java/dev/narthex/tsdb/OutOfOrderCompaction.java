// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import dev.narthex.storage.Queryable;
import dev.narthex.tsdb.block.BlockMeta;
import dev.narthex.tsdb.compact.BlockStore;
import dev.narthex.tsdb.head.OutOfOrderHead;
import java.io.IOException;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * Moves samples that came out of order from the head to blocks, one for each range of time that has some, and drops the
 * segments of their log that held them. They go on to be shown all the while: from the head until their block is there.
 * What blocks then overlap is merged by the next compaction of blocks. For one thread at a time.
 */
final class OutOfOrderCompaction {
    private static final Logger log = Logger.getLogger(OutOfOrderCompaction.class);
    private static final List<String> HINTS = List.of(BlockMeta.HINT_OUT_OF_ORDER);

    private final OutOfOrderHead head;
    private final OutOfOrderLog wbl;
    private final BlockStore blocks;
    private final long rangeMs;
    /** The first generation that is in no block yet. */
    private int compactedBefore = 1;
    /** Hidden samples wait to be dropped until this mark has passed; -1 where none wait. */
    private long dropMark = -1;
    /** The last segment whose samples are in blocks. */
    private int lastToRemove = -1;

    private long sinceMs = Long.MIN_VALUE;
    private volatile long truncations;
    private volatile long failedTruncations;
    private volatile long blocksCut;

    /** @param rangeMs the range of a block */
    OutOfOrderCompaction(OutOfOrderHead head, OutOfOrderLog wbl, BlockStore blocks, long rangeMs) {
        this.head = head;
        this.wbl = wbl;
        this.blocks = blocks;
        this.rangeMs = rangeMs;
    }

    /**
     * Drops what is older than a time, and compacts where samples have waited for as long as a block's range.
     *
     * @param compact whether blocks may be cut
     * @param now whether to compact whatever is there
     */
    void round(long nowMs, long mintMs, boolean compact, boolean now) throws IOException {
        finish();
        head.dropBefore(mintMs);
        wbl.removeUpTo(wbl.lastBefore(mintMs));
        if (head.isEmpty()) {
            sinceMs = Long.MIN_VALUE;
        } else if (sinceMs == Long.MIN_VALUE || sinceMs > nowMs) { // the clock was set back
            sinceMs = nowMs;
        }
        if (compact && !head.isEmpty() && (now || nowMs - sinceMs >= rangeMs)) {
            compact();
            sinceMs = Long.MIN_VALUE;
        }
    }

    /**
     * Moves everything that is there to blocks.
     *
     * @throws IOException when a block or the log could not be written; what is in no block yet stays in the head
     */
    void compact() throws IOException {
        finish();
        boolean beyondBlocks = head.minTimeMs() < Long.MIN_VALUE + 2 * rangeMs
                || head.maxTimeMs() > Long.MAX_VALUE - 2 * rangeMs; // no block can be named after such times
        if (head.isEmpty() || beyondBlocks) {
            return;
        }
        int[] last = {-1};
        int generation = head.freeze(() -> last[0] = wbl.endSegment());
        int before = compactedBefore;
        int cut = cutBlocks((mintMs, maxtMs) -> head.frozen(before, generation, mintMs, maxtMs));
        blocksCut = blocksCut() + cut;
        compactedBefore = generation;
        lastToRemove = last[0];
        dropMark = head.hide(generation);
        log.infof("samples out of order compacted blocks=%d", cut);
        finish();
    }

    private int cutBlocks(Queryable frozen) throws IOException {
        int cut = 0;
        long end = head.maxTimeMs();
        long from = begin(head.minTimeMs());
        while (from <= end) {
            if (blocks.cut(frozen, from, from + rangeMs, HINTS) == null) {
                // A gap may be as long as the window: the next block begins where there is something.
                long next = BlockStore.firstTimestampMs(frozen, from + rangeMs, end);
                if (next == Long.MAX_VALUE) {
                    break;
                }
                from = begin(next);
            } else {
                cut++;
                from += rangeMs;
            }
        }
        return cut;
    }

    private long begin(long timeMs) {
        return Math.floorDiv(timeMs, rangeMs) * rangeMs;
    }

    /** Drops what is in blocks: from the log, and from memory once nobody reads it any more. */
    private void finish() throws IOException {
        if (lastToRemove >= 0) {
            try {
                truncations = truncations() + 1;
                wbl.removeUpTo(lastToRemove);
                lastToRemove = -1;
            } catch (IOException e) {
                failedTruncations = failedTruncations() + 1;
                throw e;
            }
        }
        if (dropMark >= 0 && head.drop(compactedBefore, dropMark)) {
            dropMark = -1;
        }
    }

    /** The bytes of the log. */
    long logBytes() {
        return wbl.sizeBytes();
    }

    /** Times that the log was to be truncated. */
    long truncations() {
        return truncations;
    }

    long failedTruncations() {
        return failedTruncations;
    }

    /** Blocks that were cut since the start. */
    long blocksCut() {
        return blocksCut;
    }
}
