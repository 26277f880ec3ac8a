// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import dev.narthex.model.LabelMatcher;
import dev.narthex.storage.ReadProgress;
import dev.narthex.storage.SelectHints;
import java.util.List;

/**
 * Puts the records of series that a view shows into the order in which it shows them. There may be a million of them: they
 * stay numbers, and the labels of each are made when it is shown.
 */
final class RecordSelection {
    /** So many are sorted by insertion, before pieces are merged. */
    private static final int PIECE = 8;

    private final HeadIndex index;
    private final ReadProgress progress = new ReadProgress();

    private RecordSelection(HeadIndex index) {
        this.index = index;
    }

    /** Refuses a selection without matchers. */
    static void requireMatcher(List<LabelMatcher> matchers) {
        if (matchers.isEmpty()) {
            throw new IllegalArgumentException("select: no matcher; at least one is needed");
        }
    }

    /**
     * The records in the order that the hints ask for.
     *
     * @param records may be changed
     */
    static int[] of(HeadIndex index, int[] records, SelectHints hints, SelectionMemory memory) {
        if (!hints.sorted() || records.length < 2) {
            return records;
        }
        long bytes = 2L * Long.BYTES * records.length;
        memory.take(bytes);
        long[] sorted = new RecordSelection(index).sorted(records);
        for (int i = 0; i < records.length; i++) {
            records[i] = (int) sorted[i];
        }
        memory.giveBack(bytes);
        return records;
    }

    /** By labels: each is a label set (32 bits) and a record; merged into pieces twice as long each time. */
    private long[] sorted(int[] records) {
        int count = records.length;
        long[] source = new long[count];
        for (int i = 0; i < count; i++) {
            source[i] = (long) index.labelSet(records[i]) << 32 | (records[i] & 0xffffffffL);
        }
        for (int from = 0; from < count; from += PIECE) {
            insert(source, from, Math.min(count, from + PIECE));
        }
        long[] target = new long[count];
        for (long width = PIECE; width < count; width *= 2) {
            for (long from = 0; from < count; from += 2 * width) {
                int middle = (int) Math.min(count, from + width);
                merge(source, target, (int) from, middle, (int) Math.min(count, from + 2 * width));
            }
            long[] merged = target;
            target = source;
            source = merged;
        }
        return source;
    }

    private void insert(long[] entries, int from, int end) {
        for (int i = from + 1; i < end; i++) {
            long entry = entries[i];
            int at = i;
            while (at > from && isBefore(entry, entries[at - 1])) {
                entries[at] = entries[at - 1];
                at--;
            }
            entries[at] = entry;
        }
    }

    private void merge(long[] source, long[] target, int from, int middle, int end) {
        // Series of one target come in the order of their labels, more often than not.
        if (middle == end || !isBefore(source[middle], source[middle - 1])) {
            System.arraycopy(source, from, target, from, end - from);
            return;
        }
        int left = from;
        int right = middle;
        int at = from;
        while (left < middle && right < end) {
            target[at++] = isBefore(source[right], source[left]) ? source[right++] : source[left++];
        }
        System.arraycopy(source, left, target, at, middle - left);
        System.arraycopy(source, right, target, at + middle - left, end - right);
    }

    private boolean isBefore(long entry, long other) {
        progress.step();
        return index.labelSets.compare((int) (entry >>> 32), (int) (other >>> 32)) < 0;
    }
}
