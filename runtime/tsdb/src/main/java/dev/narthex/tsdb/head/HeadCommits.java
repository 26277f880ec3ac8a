// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import dev.narthex.model.LabelMatcher;
import dev.narthex.tsdb.block.Intervals;
import dev.narthex.tsdb.wal.WalBatch;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What changes the samples of a head: transactions and deletions. Each is written to the log, then applied, one after the
 * other under the commit lock.
 */
final class HeadCommits {
    /** The records and chunk ends of so many series stay in the caches of a core until they are used. */
    private static final int TOUCHED_TOGETHER = 128;

    private final Head head;
    private final ReentrantLock commitLock;
    private final ReentrantLock collectLock;
    private final Log log;
    private long lastCommit;
    private long samplesAppended;
    private long histogramsAppended;
    private long outOfOrderSamples;
    private long duplicateSamples;
    /** The log is being replayed: what is committed meanwhile is written, and comes from there behind what is older. */
    private volatile boolean replaying;

    HeadCommits(Head head, ReentrantLock commitLock, ReentrantLock collectLock, Log log) {
        this.head = head;
        this.commitLock = commitLock;
        this.collectLock = collectLock;
        this.log = log;
    }

    /** Writes a transaction to the log, then applies it. */
    void commit(HeadAppender appender) throws IOException {
        commitLock.lock();
        try {
            head.requireOpen();
            if (appender.isUnchecked() && !replaying) {
                appender.rename(head.index()); // the replay has found older names of series that it made
            }
            head.outOfOrder().write(appender, log);
            for (int i = 0; i < appender.unloggedCount(); i++) {
                head.setLogged(appender.unlogged(i), appender.unloggedRef(i));
            }
            if (replaying) {
                samplesAppended += appender.count() + appender.histograms().count();
                histogramsAppended += appender.histograms().count();
                return;
            }
            long commit = ++lastCommit;
            apply(appender, commit);
            appender.notes().apply(head.index(), head.metadata(), head.exemplarRing());
            head.times().widen(appender.oldestMs(), appender.newestMs());
            head.readers().complete(commit);
            head.samples().drainFrees();
            head.outOfOrder().mapIfMany(collectLock);
            head.spanAlarm().look();
        } finally {
            commitLock.unlock();
        }
    }

    private void apply(HeadAppender appender, long commit) {
        long oldestCommit = head.readers().oldestCommit();
        OutOfOrderHead outOfOrder = head.outOfOrder();
        HeadSamples samples = head.samples();
        PendingHistograms histograms = appender.histograms();
        int floats = 0;
        int histogram = 0;
        for (int section = 0; section < histograms.sections(); section++) {
            for (int end = histograms.floatEnd(section, appender.count()); floats < end; floats++) {
                if (floats % TOUCHED_TOGETHER == 0) {
                    appender.touch(samples, floats, Math.min(appender.count(), floats + TOUCHED_TOGETHER));
                }
                if (outOfOrder.addFloat(appender, floats, commit)) {
                    continue;
                }
                count(samples.append(
                        appender.record(floats),
                        appender.ref(floats),
                        appender.timestampMs(floats),
                        appender.value(floats),
                        appender.startMs(floats),
                        commit,
                        oldestCommit));
            }
            for (int end = histograms.histogramEnd(section); histogram < end; histogram++) {
                if (outOfOrder.addHistogram(histograms, histogram, commit)) {
                    continue;
                }
                HeadSamples.Outcome outcome = samples.append(
                        histograms.record(histogram),
                        histograms.ref(histogram),
                        histograms.timestampMs(histogram),
                        histograms.histogram(histogram),
                        histograms.startMs(histogram),
                        commit,
                        oldestCommit);
                count(outcome);
                if (outcome == HeadSamples.Outcome.ADDED) {
                    histogramsAppended++;
                }
            }
        }
    }

    /** Counts what became of a sample. For the writer. */
    void count(HeadSamples.Outcome outcome) {
        switch (outcome) {
            case ADDED -> samplesAppended++;
            case OUT_OF_ORDER -> outOfOrderSamples++;
            case DUPLICATE -> duplicateSamples++;
            case SAME, GONE -> {}
        }
    }

    /** Writes deletions to the log, then applies them; of how many series. */
    int delete(long fromMs, long toMs, List<LabelMatcher> matchers) throws IOException {
        commitLock.lock();
        try {
            head.requireOpen();
            Map<Long, Intervals> deleted = new HashMap<>();
            int reader = head.readers().enterWithoutSamples();
            try {
                for (int record : new SeriesSelector(head.index(), SelectionMemory.unlimited()).select(matchers)) {
                    long lastT = head.seriesPage(record)[head.seriesOffset(record) + SeriesLayout.LAST_T];
                    long end = Math.min(toMs, lastT);
                    if (lastT != SeriesLayout.NO_TIME && fromMs <= end) {
                        deleted.put(head.index().refOf(record), Intervals.of(fromMs, end));
                    }
                }
            } finally {
                head.readers().leave(reader);
            }
            if (!deleted.isEmpty()) {
                WalBatch batch = new WalBatch();
                long newest = HeadTombstones.write(deleted, batch);
                log.write(batch, newest);
                head.tombstones().add(deleted);
            }
            return deleted.size();
        } finally {
            commitLock.unlock();
        }
    }

    /** Writes records to the log. For the writer. */
    void write(WalBatch batch, long newestMs) throws IOException {
        log.write(batch, newestMs);
    }

    /** Transactions are written and not applied from now on. */
    void beginReplay() {
        replaying = true;
    }

    /**
     * Transactions are applied from now on; some of the samples that were taken meanwhile have been refused.
     *
     * @param refusedHistograms those of them that are histograms
     */
    void endReplay(long refused, long refusedHistograms) {
        replaying = false;
        samplesAppended -= refused;
        histogramsAppended -= refusedHistograms;
    }

    boolean isReplaying() {
        return replaying;
    }

    /** The number of the last transaction. For the writer. */
    long last() {
        return lastCommit;
    }

    /** Samples taken. For the writer. */
    long samplesAppended() {
        return samplesAppended;
    }

    /** Those of them that are histograms. For the writer. */
    long histogramsAppended() {
        return histogramsAppended;
    }

    /** Samples that a transaction had taken and another one has outrun. For the writer. */
    long outOfOrderSamples() {
        return outOfOrderSamples;
    }

    /** Samples at a time at which another transaction had just put another value. For the writer. */
    long duplicateSamples() {
        return duplicateSamples;
    }
}
