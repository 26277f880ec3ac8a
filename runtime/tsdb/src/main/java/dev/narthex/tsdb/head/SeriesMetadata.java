// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import dev.narthex.memory.MemoryAccount;
import dev.narthex.model.Metadata;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What expositions say of the metrics of series. Equal notes are one object, of which there are as many as metric
 * families; a series costs an entry of a table. Safe for use by many threads.
 */
final class SeriesMetadata {
    private final LongIntTable notes;
    private final List<Metadata> distinct = new ArrayList<>();
    private final Map<Metadata, Integer> numbers = new HashMap<>();

    SeriesMetadata(MemoryAccount account) {
        notes = new LongIntTable(account.tag("metadata"));
    }

    /** Whether a note differs from the last one of a series. */
    synchronized boolean isNews(long ref, Metadata metadata) {
        int note = notes.get(ref);
        return note == 0 || !distinct.get(note - 1).equals(metadata);
    }

    synchronized void put(long ref, Metadata metadata) {
        int number = numbers.computeIfAbsent(metadata, note -> {
            distinct.add(note);
            return distinct.size();
        });
        notes.put(ref, number);
    }

    /** The last note of a series. */
    synchronized @Nullable Metadata get(long ref) {
        int note = notes.get(ref);
        return note == 0 ? null : distinct.get(note - 1);
    }

    synchronized void remove(long ref) {
        notes.remove(ref);
        if (notes.size() == 0) {
            distinct.clear();
            numbers.clear();
        }
    }

    /** The references of all series that have a note. */
    synchronized long[] refs() {
        return notes.keys();
    }

    synchronized void clear() {
        notes.clear();
        distinct.clear();
        numbers.clear();
    }
}
