// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import dev.narthex.memory.LongRecords;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Moves chunks to files and drops what is too old, slice by slice, while appends and queries go on. One call at a time is
 * under way: its lock is taken before the commit lock.
 */
final class HeadCollector {
    /** So many series are looked at before appends get their turn. */
    private static final int COLLECT_SERIES = 2048;
    /** So many are removed at once: each time the postings that they are in are written anew. */
    private static final int REMOVE_SERIES = 1 << 15;

    private final Head head;
    private final LongRecords series;
    private final ReentrantLock collectLock;
    private final ReentrantLock commitLock;
    private final OpenAppenders appenders;
    private long seriesRemoved;
    /** When all samples are dropped that other names of series may stand for. */
    private volatile long aliasesEndMs = Long.MAX_VALUE;

    HeadCollector(
            Head head,
            LongRecords series,
            ReentrantLock collectLock,
            ReentrantLock commitLock,
            OpenAppenders appenders) {
        this.head = head;
        this.series = series;
        this.collectLock = collectLock;
        this.commitLock = commitLock;
        this.appenders = appenders;
    }

    /** Says when no sample is left any more that was there under another name of its series. */
    void setAliasesEnd(long timeMs) {
        aliasesEndMs = timeMs;
    }

    int mapChunks() throws IOException {
        collectLock.lock();
        try {
            int late;
            commitLock.lock();
            try {
                late = head.outOfOrder().map();
            } finally {
                commitLock.unlock();
            }
            return late + head.samples().mapped().moveAll(commitLock, COLLECT_SERIES);
        } finally {
            collectLock.unlock();
        }
    }

    void truncateChunkFiles() throws IOException {
        collectLock.lock();
        try {
            head.samples()
                    .mapped()
                    .truncate(
                            Math.min(head.mintMs(), head.readers().oldestMint()),
                            head.outOfOrder().store().firstFile());
        } finally {
            collectLock.unlock();
        }
    }

    int truncate(long newMintMs) {
        collectLock.lock();
        try {
            return truncateLocked(newMintMs);
        } finally {
            collectLock.unlock();
        }
    }

    private int truncateLocked(long newMintMs) {
        head.times().hideBefore(newMintMs);
        if (head.mintMs() > aliasesEndMs) {
            head.index().removeAliases();
            aliasesEndMs = Long.MAX_VALUE;
        }
        long round = appenders.round();
        long dropMs = Math.min(head.mintMs(), head.readers().oldestMint());
        int[] idle = {};
        int idleCount = 0;
        int end = series.end();
        for (int from = 1; from < end; from += COLLECT_SERIES) {
            int to = Math.min(end, from + COLLECT_SERIES);
            if (idle.length < idleCount + to - from) {
                idle = Arrays.copyOf(idle, Math.max(2 * idle.length, idleCount + to - from));
            }
            commitLock.lock();
            try {
                idleCount = truncate(from, to, dropMs, idle, idleCount);
                head.samples().drainFrees();
            } finally {
                commitLock.unlock();
            }
        }
        long _ = appenders.endMarking();
        int removed = 0;
        // What cannot be removed now stays marked, and is tried again by the next call.
        int removable = appenders.isOlderOpen(round) ? 0 : idleCount;
        for (int from = 0; from < removable; from += REMOVE_SERIES) {
            commitLock.lock();
            try {
                removed +=
                        removeUnused(Arrays.copyOfRange(idle, from, Math.min(removable, from + REMOVE_SERIES)), dropMs);
            } finally {
                commitLock.unlock();
            }
        }
        head.index().drainFrees();
        commitLock.lock();
        try {
            head.times().dropped();
            // A file still has what memory has dropped, or is going to: the next start would bring it back.
            head.tombstones().truncate(Math.min(dropMs, head.samples().mapped().minTimeMs()), this::firstTimestamp);
        } finally {
            commitLock.unlock();
        }
        return removed;
    }

    private long firstTimestamp(long ref) {
        int record = head.index().refs.record(ref);
        return record == 0 ? Long.MAX_VALUE : head.samples().firstTimestampOf(record);
    }

    /** Truncates some series and notes those that have been idle for a whole round; how many are noted. */
    private int truncate(int from, int to, long dropMs, int[] idle, int idleCount) {
        int count = idleCount;
        for (int record = from; record < to; record++) {
            long[] fields = series.page(record);
            int at = series.offset(record) + SeriesLayout.REF;
            long field = fields[at];
            if ((field & SeriesLayout.REF_MASK) == 0) {
                continue;
            }
            if (!isEmpty(record, dropMs)) {
                SeriesFlags.clear(fields, at, SeriesLayout.IDLE);
            } else if ((field & SeriesLayout.IDLE) == 0) {
                SeriesFlags.set(fields, at, SeriesLayout.IDLE);
            } else {
                idle[count++] = record;
            }
        }
        return count;
    }

    /** Drops samples of a series before a time; whether it has none left. */
    private boolean isEmpty(int record, long dropMs) {
        return head.samples().truncate(record, dropMs)
                && !head.outOfOrder().store().hasSeries(record);
    }

    /** Removes those of the series that have got no sample meanwhile and that no transaction uses. */
    private int removeUnused(int[] idle, long dropMs) {
        int count = 0;
        for (int record : idle) {
            if (isEmpty(record, dropMs)
                    && SeriesFlags.leave(series.page(record), series.offset(record) + SeriesLayout.REF)) {
                idle[count++] = record;
            }
        }
        remove(idle, count);
        return count;
    }

    /** Removes series that are leaving. For the writer. */
    void remove(int[] leaving, int count) {
        if (count > 0) {
            for (int i = 0; i < count; i++) {
                boolean _ = head.samples().truncate(leaving[i], Long.MAX_VALUE);
                head.metadata().remove(head.index().refOf(leaving[i]));
            }
            head.index().remove(leaving, count);
            seriesRemoved += count;
        }
    }

    /** Frees what readers have left. */
    void drainFrees() {
        head.index().drainFrees();
        commitLock.lock();
        try {
            head.samples().drainFrees();
        } finally {
            commitLock.unlock();
        }
    }

    /** Series removed so far. For the writer. */
    long seriesRemoved() {
        return seriesRemoved;
    }
}
