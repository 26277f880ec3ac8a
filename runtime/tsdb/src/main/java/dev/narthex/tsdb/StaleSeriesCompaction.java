// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import dev.narthex.tsdb.block.BlockMeta;
import dev.narthex.tsdb.compact.BlockStore;
import dev.narthex.tsdb.head.Head;
import dev.narthex.tsdb.head.StaleSeries;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.DoubleSupplier;
import org.jboss.logging.Logger;

/**
 * Moves series that have ended to blocks of their own where they are a large share of the head, so that the memory of a
 * server follows the series that are alive and not those of the last hours. A series is chosen in one round and leaves in
 * the next. For one thread.
 *
 * <p>These blocks bear the mark of blocks of samples out of order besides their own: the head goes on where blocks of
 * samples in order end, and programs that do not know the newer mark must not take these for such.
 */
final class StaleSeriesCompaction {
    private static final Logger log = Logger.getLogger(StaleSeriesCompaction.class);
    private static final List<String> HINTS = List.of(BlockMeta.HINT_OUT_OF_ORDER, BlockMeta.HINT_STALE_SERIES);

    /** A target that comes back soon keeps its series. */
    private static final Duration MIN_AGE = Duration.ofMinutes(10);

    private final Head head;
    private final BlockStore blocks;
    private final StaleSeries stale;
    private final long rangeMs;
    private final DoubleSupplier threshold;
    private volatile long staleSeries;
    private volatile long left;

    /** @param threshold the share of the series from which on they leave, 0 for never */
    StaleSeriesCompaction(Head head, BlockStore blocks, long rangeMs, DoubleSupplier threshold) {
        this.head = head;
        this.blocks = blocks;
        this.rangeMs = rangeMs;
        this.threshold = threshold;
        stale = head.staleSeries();
    }

    /** Stale series in the head, as of the last round. */
    long staleSeries() {
        return staleSeries;
    }

    /** Series that have left before their time since the start. */
    long left() {
        return left;
    }

    /** Before the head is truncated: lets those leave that were chosen in the last round; whether there were any. */
    boolean release() throws IOException {
        if (stale.count() == 0 || stale.settle() == 0) {
            stale.forget();
            return false;
        }
        long end = stale.maxTimeMs();
        for (long from = Math.floorDiv(head.minTimeMs(), rangeMs) * rangeMs; from <= end; from += rangeMs) {
            BlockMeta made = blocks.cut(stale::querier, from, from + rangeMs, HINTS);
            log.debugf("block of series that have ended block=%s", made == null ? "none" : made.ulid());
        }
        int gone = stale.leave();
        left = left() + gone;
        log.infof("series that have ended moved to blocks series=%d", gone);
        return true;
    }

    /** Behind the truncation: chooses those that are to leave in the next round. */
    void choose(long nowMs) {
        stale.forget();
        int ended = stale.mark(Math.min(nowMs, head.maxTimeMs()) - MIN_AGE.toMillis());
        staleSeries = ended;
        long all = head.seriesCount();
        double share = threshold.getAsDouble();
        if (!(share > 0) || ended < share * all) {
            stale.forget();
        }
    }
}
