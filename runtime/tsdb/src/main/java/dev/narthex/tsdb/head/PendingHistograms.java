// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import dev.narthex.model.NativeHistogram;
import dev.narthex.tsdb.wal.HistogramRecords;
import dev.narthex.tsdb.wal.SamplePrefix;
import dev.narthex.tsdb.wal.WalBatch;
import java.util.Arrays;

/**
 * The histograms of a transaction, in the order they came, and the sections that floats and histograms are split into:
 * within a section all floats come before all histograms, in the log as in memory. A section ends where a float follows
 * a histogram of the same series. For one thread.
 */
final class PendingHistograms {
    private static final NativeHistogram[] NONE = {};
    /** So many histograms make a record of the log. */
    private static final int RECORD_SAMPLES = 1 << 10;

    private long[] refs = {};
    private int[] records = {};
    private long[] timestampsMs = {};
    private long[] startsMs = {};
    private NativeHistogram[] histograms = NONE;
    private int count;
    /** Where sections end: index of a float (32 bits) | index of a histogram (32 bits). */
    private long[] sectionEnds = {};

    private int sections;
    /** References of the histograms of the last section by hash, 0 where free. */
    private long[] seen = {};

    private int sectionStart;
    private final SamplePrefix prefix = new SamplePrefix();

    int count() {
        return count;
    }

    /** @param startMs the start timestamp that is kept, 0 for none */
    void add(int record, long ref, long timestampMs, NativeHistogram histogram, long startMs) {
        if (count == refs.length) {
            int capacity = Math.max(64, 2 * count);
            refs = Arrays.copyOf(refs, capacity);
            records = Arrays.copyOf(records, capacity);
            timestampsMs = Arrays.copyOf(timestampsMs, capacity);
            startsMs = Arrays.copyOf(startsMs, capacity);
            histograms = Arrays.copyOf(histograms, capacity);
        }
        refs[count] = ref;
        records[count] = record;
        timestampsMs[count] = timestampMs;
        startsMs[count] = startMs;
        histograms[count] = histogram;
        count++;
        note(ref);
    }

    private void note(long ref) {
        int inSection = count - sectionStart;
        if (2 * inSection > seen.length) {
            seen = new long[Math.max(128, Integer.highestOneBit(inSection) * 4)];
            for (int i = sectionStart; i < count; i++) {
                seen[place(refs[i])] = refs[i];
            }
        } else {
            seen[place(ref)] = ref;
        }
    }

    private int place(long ref) {
        int mask = seen.length - 1;
        int at = (int) ((ref * 0x9e3779b97f4a7c15L) >>> 40) & mask;
        while (seen[at] != 0 && seen[at] != ref) {
            at = (at + 1) & mask;
        }
        return at;
    }

    /**
     * Ends the section where a series has a histogram in it already; for a float that comes.
     *
     * @param floats how many floats came before
     */
    void beforeFloat(long ref, int floats) {
        if (count == sectionStart || seen[place(ref)] == 0) {
            return;
        }
        if (sections == sectionEnds.length) {
            sectionEnds = Arrays.copyOf(sectionEnds, Math.max(8, 2 * sections));
        }
        sectionEnds[sections++] = (long) floats << 32 | count;
        sectionStart = count;
        Arrays.fill(seen, 0);
    }

    /** How many sections there are, the last one included. */
    int sections() {
        return sections + 1;
    }

    int floatEnd(int section, int floats) {
        return section == sections ? floats : (int) (sectionEnds[section] >>> 32);
    }

    int histogramEnd(int section) {
        return section == sections ? count : (int) sectionEnds[section];
    }

    /** Writes records of the histograms from one index to another. */
    void write(WalBatch batch, int from, int to) {
        for (int i = from; i < to; ) {
            int type = type(i);
            int begin = i;
            prefix.begin(batch, type);
            while (i < to && i - begin < RECORD_SAMPLES && type(i) == type) {
                prefix.put(batch, refs[i], timestampsMs[i], startsMs[i]);
                HistogramRecords.write(batch, histograms[i]);
                i++;
            }
            batch.end();
        }
    }

    private int type(int at) {
        return startsMs[at] == 0
                ? HistogramRecords.type(histograms[at])
                : HistogramRecords.typeWithStart(histograms[at]);
    }

    void clear() {
        if (count > 0) {
            Arrays.fill(histograms, 0, count, null);
            Arrays.fill(seen, 0);
            count = 0;
        }
        sections = 0;
        sectionStart = 0;
    }

    /** Turns the names that series had when their histograms came into those that they have now. */
    void rename(HeadIndex index) {
        for (int i = 0; i < count; i++) {
            if (index.isName(records[i], refs[i])) {
                refs[i] = index.refOf(records[i]);
            }
        }
    }

    long ref(int at) {
        return refs[at];
    }

    int record(int at) {
        return records[at];
    }

    long timestampMs(int at) {
        return timestampsMs[at];
    }

    /** 0 for none. */
    long startMs(int at) {
        return startsMs[at];
    }

    NativeHistogram histogram(int at) {
        return histograms[at];
    }
}
