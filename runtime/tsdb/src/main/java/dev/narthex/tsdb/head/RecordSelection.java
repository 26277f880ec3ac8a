// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.storage.ReadCanceledException;
import dev.narthex.storage.SelectHints;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Records of series that a view shows, in the order in which it shows them. For one thread. */
final class RecordSelection {
    private static final int CHECK_MASK = 1023;

    private final int[] records;
    /** In the order of the records; null where they are made one by one. */
    private final Labels @Nullable [] labels;

    private RecordSelection(int[] records, Labels @Nullable [] labels) {
        this.records = records;
        this.labels = labels;
    }

    /** Refuses a selection without matchers. */
    static void requireMatcher(List<LabelMatcher> matchers) {
        if (matchers.isEmpty()) {
            throw new IllegalArgumentException("select: no matcher; at least one is needed");
        }
    }

    /** The records in the order that the hints ask for. */
    static RecordSelection of(HeadIndex index, int[] records, SelectHints hints) {
        if (!hints.sorted()) {
            return new RecordSelection(records, null);
        }
        Found[] found = new Found[records.length];
        for (int i = 0; i < records.length; i++) {
            checkNow(i);
            found[i] = new Found(records[i], index.labels(records[i]));
        }
        int[] compared = new int[1];
        Arrays.sort(found, (left, right) -> {
            checkNow(compared[0]++);
            return left.labels.compareTo(right.labels);
        });
        int[] sorted = new int[records.length];
        Labels[] labels = new Labels[records.length];
        for (int i = 0; i < records.length; i++) {
            sorted[i] = found[i].record;
            labels[i] = found[i].labels;
        }
        return new RecordSelection(sorted, labels);
    }

    /** Looks now and then whether anybody still waits. */
    private static void checkNow(int done) {
        if ((done & CHECK_MASK) == 0) {
            ReadCanceledException.throwIfInterrupted();
        }
    }

    int size() {
        return records.length;
    }

    int record(int at) {
        return records[at];
    }

    Labels labels(HeadIndex index, int at) {
        return labels == null ? index.labels(records[at]) : labels[at];
    }

    private record Found(int record, Labels labels) {}
}
