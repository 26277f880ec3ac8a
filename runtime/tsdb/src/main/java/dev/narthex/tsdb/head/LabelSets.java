// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import dev.narthex.memory.ByteSlab;
import dev.narthex.memory.MemoryAccount;
import dev.narthex.model.Labels;

/**
 * The label sets of the series, each as the numbers of its label pairs (see {@link SeriesLayout}). Written under the lock
 * of the index; readers may read a set without it while they are entered in {@link Readers}.
 */
final class LabelSets {
    private final ByteSlab slab;
    private final Symbols symbols;
    private final LabelPairs pairs;
    private final LabelCache cache = new LabelCache();

    LabelSets(MemoryAccount.Tag tag, Symbols symbols, LabelPairs pairs) {
        slab = new ByteSlab(tag);
        this.symbols = symbols;
        this.pairs = pairs;
    }

    /** Takes room for so many labels, whose pairs are to be set. */
    int allocate(int count) {
        int labelSet = slab.allocate(SeriesLayout.LABELS_PAIRS + 4 * count);
        byte[] page = slab.page(labelSet);
        int at = slab.offset(labelSet);
        page[at] = (byte) (count >>> 8);
        page[at + 1] = (byte) count;
        return labelSet;
    }

    void setPair(int labelSet, int label, int pair) {
        byte[] page = slab.page(labelSet);
        int at = pairsOffset(labelSet) + 4 * label;
        page[at] = (byte) (pair >>> 24);
        page[at + 1] = (byte) (pair >>> 16);
        page[at + 2] = (byte) (pair >>> 8);
        page[at + 3] = (byte) pair;
    }

    /** Gives a set back, when no reader holds it. */
    void free(int labelSet) {
        cache.remove(labelSet);
        slab.free(labelSet);
    }

    /** The page that a set lies in; its pairs from {@link #pairsOffset} on, four bytes each. */
    byte[] page(int labelSet) {
        return slab.page(labelSet);
    }

    int pairsOffset(int labelSet) {
        return slab.offset(labelSet) + SeriesLayout.LABELS_PAIRS;
    }

    /** How many labels a set has. */
    int size(int labelSet) {
        byte[] page = slab.page(labelSet);
        int at = slab.offset(labelSet);
        return (page[at] & 0xff) << 8 | (page[at + 1] & 0xff);
    }

    /** The pair of a label; in the order of label names. */
    int pair(int labelSet, int label) {
        return getInt(slab.page(labelSet), pairsOffset(labelSet) + 4 * label);
    }

    /** Whether a set has these labels. */
    boolean equal(int labelSet, LabelBytes labels) {
        int count = labels.count();
        if (size(labelSet) != count) {
            return false;
        }
        byte[] page = slab.page(labelSet);
        int at = pairsOffset(labelSet);
        byte[] bytes = labels.bytes();
        for (int i = count - 1; i >= 0; i--) {
            int pair = getInt(page, at + 4 * i);
            if (!symbols.equal(pairs.value(pair), bytes, labels.valueOffset(i), labels.valueLength(i))
                    || !symbols.equal(pairs.name(pair), bytes, labels.nameOffset(i), labels.nameLength(i))) {
                return false;
            }
        }
        return true;
    }

    /** A set as strings. */
    Labels labels(int labelSet) {
        Labels known = cache.get(labelSet);
        if (known != null) {
            return known;
        }
        int count = size(labelSet);
        String[] strings = new String[2 * count];
        for (int i = 0; i < count; i++) {
            int pair = pair(labelSet, i);
            strings[2 * i] = symbols.string(pairs.name(pair));
            strings[2 * i + 1] = symbols.string(pairs.value(pair));
        }
        Labels labels = Labels.ofSorted(strings);
        cache.put(labelSet, labels);
        return labels;
    }

    /** Compares two sets as {@link Labels#compareTo} does: label by label, a shorter set before its extension. */
    int compare(int left, int right) {
        int leftCount = size(left);
        int rightCount = size(right);
        byte[] leftPage = slab.page(left);
        byte[] rightPage = slab.page(right);
        int leftAt = pairsOffset(left);
        int rightAt = pairsOffset(right);
        int common = Math.min(leftCount, rightCount);
        for (int i = 0; i < common; i++) {
            int leftPair = getInt(leftPage, leftAt + 4 * i);
            int rightPair = getInt(rightPage, rightAt + 4 * i);
            if (leftPair != rightPair) {
                int names = symbols.compare(pairs.name(leftPair), pairs.name(rightPair));
                return names != 0 ? names : symbols.compare(pairs.value(leftPair), pairs.value(rightPair));
            }
        }
        return Integer.compare(leftCount, rightCount);
    }

    /** The bytes of a set in the form of {@link LabelBytes}. */
    int bytes(int labelSet) {
        int count = size(labelSet);
        int bytes = uvarintBytes(count);
        for (int i = 0; i < count; i++) {
            int pair = pair(labelSet, i);
            int name = symbols.length(pairs.name(pair));
            int value = symbols.length(pairs.value(pair));
            bytes += uvarintBytes(name) + name + uvarintBytes(value) + value;
        }
        return bytes;
    }

    /** Copies a set in the form of {@link LabelBytes}; where it ends. */
    int copy(int labelSet, byte[] into, int offset) {
        int count = size(labelSet);
        int at = putUvarint(into, offset, count);
        for (int i = 0; i < count; i++) {
            int pair = pair(labelSet, i);
            int name = pairs.name(pair);
            at = symbols.copy(name, into, putUvarint(into, at, symbols.length(name)));
            int value = pairs.value(pair);
            at = symbols.copy(value, into, putUvarint(into, at, symbols.length(value)));
        }
        return at;
    }

    void clear() {
        slab.clear();
    }

    /** The number of a pair where {@link #page} has it. */
    static int getInt(byte[] page, int at) {
        return (page[at] & 0xff) << 24
                | (page[at + 1] & 0xff) << 16
                | (page[at + 2] & 0xff) << 8
                | (page[at + 3] & 0xff);
    }

    private static int uvarintBytes(int value) {
        return (38 - Integer.numberOfLeadingZeros(value | 1)) / 7;
    }

    private static int putUvarint(byte[] into, int offset, int value) {
        int at = offset;
        int rest = value;
        while (rest >= 0x80) {
            into[at++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        into[at++] = (byte) rest;
        return at;
    }
}
