// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import dev.narthex.model.Labels;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The labels of the series that were asked for last, as objects: dashboards and rules ask for the same series again and
 * again. Bounded, whatever the number of series; a few megabytes when it is full. Safe for use by many threads; what is
 * put in must be from a reader that is entered in {@link Readers}.
 */
final class LabelCache {
    private static final int SLOT_BITS = 14;

    private record Cached(int labelSet, Labels labels) {}

    private final AtomicReferenceArray<@Nullable Cached> slots = new AtomicReferenceArray<>(1 << SLOT_BITS);

    @Nullable
    Labels get(int labelSet) {
        Cached cached = slots.get(slot(labelSet));
        return cached != null && cached.labelSet == labelSet ? cached.labels : null;
    }

    void put(int labelSet, Labels labels) {
        slots.set(slot(labelSet), new Cached(labelSet, labels));
    }

    /** Forgets a label set that is freed: another one may get its reference. */
    void remove(int labelSet) {
        int slot = slot(labelSet);
        Cached cached = slots.get(slot);
        if (cached != null && cached.labelSet == labelSet) {
            slots.set(slot, null);
        }
    }

    private static int slot(int labelSet) {
        return (labelSet * 0x9e3779b9) >>> (Integer.SIZE - SLOT_BITS);
    }
}
