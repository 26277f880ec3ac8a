// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import java.util.Arrays;

/**
 * The labels of the series that was made last, with their pairs: series that are made one behind the other have most
 * labels in common, and a comparison of bytes is cheaper than finding name, value and pair by their hashes. Guarded by the
 * lock of the index.
 */
final class FormerLabels {
    private byte[] bytes = new byte[512];
    /** Of each label: where its name begins, the length of that, the length from there to the end of its value, its pair. */
    private int[] fields = new int[64];

    private int count;

    /** The pair of a label of another set, where the former set had it, too; else 0. */
    int pair(LabelBytes labels, int label) {
        int from = labels.nameOffset(label);
        int nameLength = labels.nameLength(label);
        int span = labels.valueOffset(label) + labels.valueLength(label) - from;
        // Most often it stands in the same place.
        for (int tried = 0, at = label; tried < count; tried++, at++) {
            if (at >= count) {
                at = 0;
            }
            int begin = fields[4 * at];
            if (fields[4 * at + 2] == span
                    && fields[4 * at + 1] == nameLength
                    && Arrays.equals(bytes, begin, begin + span, labels.bytes(), from, from + span)) {
                return fields[4 * at + 3];
            }
        }
        return 0;
    }

    /**
     * Takes the labels of a series in place of the former ones.
     *
     * @param page holds their pairs, from an offset on, four bytes each
     */
    void replace(LabelBytes labels, byte[] page, int offset) {
        int length = labels.length();
        if (bytes.length < length) {
            bytes = new byte[Math.max(length, 2 * bytes.length)];
        }
        if (fields.length < 4 * labels.count()) {
            fields = new int[Math.max(4 * labels.count(), 2 * fields.length)];
        }
        labels.copy(bytes, 0);
        count = labels.count();
        int begin = labels.offset();
        for (int i = 0; i < count; i++) {
            int from = labels.nameOffset(i);
            fields[4 * i] = from - begin;
            fields[4 * i + 1] = labels.nameLength(i);
            fields[4 * i + 2] = labels.valueOffset(i) + labels.valueLength(i) - from;
            fields[4 * i + 3] = LabelSets.getInt(page, offset + 4 * i);
        }
    }

    /** Forgets everything: pairs are taken out of the index. */
    void clear() {
        count = 0;
    }
}
