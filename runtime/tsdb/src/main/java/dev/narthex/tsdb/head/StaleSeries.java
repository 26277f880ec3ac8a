// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import dev.narthex.memory.LongRecords;
import dev.narthex.model.StalenessMarker;
import dev.narthex.storage.Querier;
import dev.narthex.tsdb.block.Intervals;
import dev.narthex.tsdb.wal.WalBatch;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Series whose last sample is a staleness marker, on their way out of a head before their samples are old: {@link #mark}
 * chooses some, {@link #settle} keeps those that nobody has used since, the caller writes what {@link #querier} shows to
 * blocks, and {@link #leave} takes them out. Appends and queries go on meanwhile. For one thread at a time, which truncates
 * the head too.
 */
public final class StaleSeries {
    /** So many series are looked at before appends get their turn. */
    private static final int SLICE = 2048;
    /** So many are removed at once: each time the postings that they are in are written anew. */
    private static final int REMOVED_AT_ONCE = 1 << 15;

    private final Head head;
    private final LongRecords series;
    private final OpenAppenders appenders;
    private final HeadCollector collector;
    private int[] records = {};
    private long[] refs = {};
    private long[] lastMs = {};
    private int count;
    private long round;

    StaleSeries(Head head, LongRecords series, OpenAppenders appenders, HeadCollector collector) {
        this.head = head;
        this.series = series;
        this.appenders = appenders;
        this.collector = collector;
    }

    /**
     * Chooses series whose staleness marker is not newer than a time.
     *
     * @return how many series are stale, newer ones too
     */
    public int mark(long untilMs) {
        count = 0;
        int stale = 0;
        int end = series.end();
        for (int from = 1; from < end; from += SLICE) {
            int to = Math.min(end, from + SLICE);
            if (records.length < count + to - from) {
                int capacity = Math.max(2 * records.length, count + to - from);
                records = Arrays.copyOf(records, capacity);
                refs = Arrays.copyOf(refs, capacity);
                lastMs = Arrays.copyOf(lastMs, capacity);
            }
            stale += head.readBetweenCommits(slice(from, to, untilMs)::mark);
        }
        round = appenders.endMarking();
        return stale;
    }

    private Slice slice(int from, int to, long untilMs) {
        return new Slice(from, to, untilMs);
    }

    /** Some series, looked at between two commits. */
    private final class Slice {
        private final int from;
        private final int to;
        private final long untilMs;

        Slice(int from, int to, long untilMs) {
            this.from = from;
            this.to = to;
            this.untilMs = untilMs;
        }

        int mark() {
            int stale = 0;
            for (int record = from; record < to; record++) {
                long[] fields = series.page(record);
                int base = series.offset(record);
                long ref = fields[base + SeriesLayout.REF] & SeriesLayout.REF_MASK;
                if (ref != 0 && isStale(fields, base)) {
                    stale++;
                    if (fields[base + SeriesLayout.LAST_T] <= untilMs && !hasLate(record)) {
                        SeriesFlags.set(fields, base + SeriesLayout.REF, SeriesLayout.IDLE);
                        records[count] = record;
                        refs[count] = ref;
                        lastMs[count++] = fields[base + SeriesLayout.LAST_T];
                    }
                }
            }
            return stale;
        }
    }

    /** The sum of a stale histogram is the marker, too. */
    private static boolean isStale(long[] fields, int base) {
        return fields[base + SeriesLayout.LAST_T] != SeriesLayout.NO_TIME
                && fields[base + SeriesLayout.LAST_V] == StalenessMarker.BITS;
    }

    /** Samples out of order have to be in a block, and not in the head any more. Between commits. */
    private boolean hasLate(int record) {
        return head.outOfOrder().store().hasSeries(record);
    }

    /** How many series have been chosen. */
    public int count() {
        return count;
    }

    /** Drops the choice. */
    public void forget() {
        count = 0;
    }

    /** Leaves those out that somebody has used since they were chosen; how many are left. */
    public int settle() {
        if (appenders.isOlderOpen(round)) {
            return 0; // it may use a series without having seen the mark
        }
        int kept = 0;
        for (int i = 0; i < count; i++) {
            if (isUnused(i)) {
                keep(i, kept++);
            }
        }
        count = kept;
        return kept;
    }

    private boolean isUnused(int at) {
        long[] fields = series.page(records[at]);
        int base = series.offset(records[at]);
        long field = fields[base + SeriesLayout.REF];
        return (field & SeriesLayout.REF_MASK) == refs[at]
                && (field & SeriesLayout.IDLE) != 0
                && fields[base + SeriesLayout.LAST_T] == lastMs[at];
    }

    private void keep(int from, int to) {
        records[to] = records[from];
        refs[to] = refs[from];
        lastMs[to] = lastMs[from];
    }

    /** The last timestamp of the chosen series; {@link Long#MIN_VALUE} where there is none. */
    public long maxTimeMs() {
        return count == 0
                ? Long.MIN_VALUE
                : Arrays.stream(lastMs, 0, count).max().orElseThrow();
    }

    /** A view of the samples of the chosen series. */
    public Querier querier(long mintMs, long maxtMs) {
        return HeadQuerier.only(head, mintMs, maxtMs, Arrays.copyOf(records, count));
    }

    /**
     * Takes the chosen series out of the head, but for those that somebody has used meanwhile or that an open querier
     * shows. Their samples are in blocks; the log is told that they are not to come back from there.
     *
     * @return how many have left
     * @throws IOException when the log could not be written: those that were not told of stay
     */
    public int leave() throws IOException {
        int left = 0;
        for (int from = 0; from < count; from += REMOVED_AT_ONCE) {
            int first = from;
            int to = Math.min(count, from + REMOVED_AT_ONCE);
            int[] gone = new int[1];
            head.betweenCommits(() -> gone[0] = leave(first, to));
            left += gone[0];
        }
        count = 0;
        collector.drainFrees();
        return left;
    }

    private int leave(int from, int to) throws IOException {
        long shownMs = head.readers().oldestMint();
        Map<Long, Intervals> dropped = new HashMap<>();
        int chosen = from;
        for (int i = from; i < to; i++) {
            if (lastMs[i] < shownMs && isUnused(i) && !hasLate(records[i])) {
                dropped.put(refs[i], Intervals.of(Long.MIN_VALUE, lastMs[i]));
                keep(i, chosen++);
            }
        }
        if (dropped.isEmpty()) {
            return 0;
        }
        // Told first: where a transaction takes one of them up at this very moment, its samples are in a block as well.
        WalBatch batch = new WalBatch();
        long newest = HeadTombstones.write(dropped, batch);
        head.commits().write(batch, newest);
        int[] leaving = new int[chosen - from];
        int leavers = 0;
        for (int i = from; i < chosen; i++) {
            int record = records[i];
            if (SeriesFlags.leave(series.page(record), series.offset(record) + SeriesLayout.REF)) {
                leaving[leavers++] = record;
            }
        }
        collector.remove(leaving, leavers);
        return leavers;
    }
}
