// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.model.Labels;
import java.util.Arrays;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Those labels of series that a grouping or a matching looks at: all series with the same ones get the same object. So a
 * series of a group that is known costs one look at its labels and no allocation. For one thread.
 */
final class LabelSubsets {
    private static final int INITIAL_SLOTS = 64;

    private final String[] names;
    private final boolean keep;
    /** By a hash of what they hold; a power of two of them, at most half of them taken. */
    private @Nullable Labels[] slots = new Labels[INITIAL_SLOTS];

    private int[] hashes = new int[INITIAL_SLOTS];
    private int count;
    /** The name that stood at a position last, and whether it is wanted: series of a metric mostly have the same names. */
    private @Nullable String[] seenNames = new String[16];

    private boolean[] seenWanted = new boolean[16];

    /** @param keep whether the named labels are looked at, or all others */
    LabelSubsets(Collection<String> names, boolean keep) {
        this.names = names.toArray(new String[0]);
        this.keep = keep;
    }

    /** The labels of a series that are looked at. */
    Labels of(Labels series) {
        int hash = hash(series);
        int slot = slot(series, hash);
        Labels known = slots[slot];
        if (known != null) {
            return known;
        }
        Labels made = keep ? series.keep(Arrays.asList(names)) : series.without(Arrays.asList(names));
        slots[slot] = made;
        hashes[slot] = hash;
        if (2 * ++count > slots.length) {
            grow();
        }
        return made;
    }

    /** The same, null where no series had these labels before. */
    @Nullable
    Labels find(Labels series) {
        return slots[slot(series, hash(series))];
    }

    private int hash(Labels series) {
        int size = series.size();
        if (size > seenNames.length) {
            seenNames = Arrays.copyOf(seenNames, 2 * size);
            seenWanted = Arrays.copyOf(seenWanted, 2 * size);
        }
        int hash = 1;
        for (int i = 0; i < size; i++) {
            String name = series.name(i);
            if (wanted(i, name)) {
                hash = 31 * (31 * hash + name.hashCode()) + series.value(i).hashCode();
            }
        }
        return hash ^ (hash >>> 15);
    }

    @SuppressWarnings({"ReferenceEquality", "StringEquality"}) // mostly the same object; else it is looked at again
    private boolean wanted(int position, String name) {
        if (seenNames[position] == name) {
            return seenWanted[position];
        }
        boolean named = false;
        for (String other : names) {
            named |= other.equals(name);
        }
        seenNames[position] = name;
        seenWanted[position] = named == keep;
        return named == keep;
    }

    /** Where the labels stand, or are to be put. */
    private int slot(Labels series, int hash) {
        int mask = slots.length - 1;
        int slot = hash & mask;
        for (Labels known = slots[slot]; known != null; known = slots[slot]) {
            if (hashes[slot] == hash && same(series, known)) {
                break;
            }
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private boolean same(Labels series, Labels subset) {
        int at = 0;
        for (int i = 0; i < series.size(); i++) {
            if (seenWanted[i]) {
                if (at == subset.size()
                        || !subset.name(at).equals(series.name(i))
                        || !subset.value(at).equals(series.value(i))) {
                    return false;
                }
                at++;
            }
        }
        return at == subset.size();
    }

    private void grow() {
        @Nullable Labels[] old = slots;
        int[] oldHashes = hashes;
        slots = new Labels[2 * old.length];
        hashes = new int[slots.length];
        for (int i = 0; i < old.length; i++) {
            if (old[i] != null) {
                int slot = oldHashes[i] & (slots.length - 1);
                while (slots[slot] != null) {
                    slot = (slot + 1) & (slots.length - 1);
                }
                slots[slot] = old[i];
                hashes[slot] = oldHashes[i];
            }
        }
    }
}
