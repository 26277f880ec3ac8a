// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import dev.narthex.tsdb.block.Intervals;
import dev.narthex.tsdb.wal.RecordType;
import dev.narthex.tsdb.wal.WalBatch;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongUnaryOperator;

/**
 * What was deleted of the samples in memory, by series reference. Readers take a snapshot; changes are made under the
 * head's commit lock.
 */
public final class HeadTombstones {
    private volatile Map<Long, Intervals> bySeries = Map.of();

    HeadTombstones() {}

    /** All deletions as of now. */
    public Map<Long, Intervals> snapshot() {
        return bySeries;
    }

    void add(Map<Long, Intervals> more) {
        Map<Long, Intervals> changed = new HashMap<>(bySeries);
        more.forEach((ref, spans) -> {
            Intervals all = changed.getOrDefault(ref, Intervals.NONE);
            for (int i = 0; i < spans.size(); i++) {
                all = all.with(spans.mintMs(i), spans.maxtMs(i));
            }
            changed.put(ref, all);
        });
        bySeries = Map.copyOf(changed);
    }

    /**
     * Forgets deletions of what is not there any more.
     *
     * @param mintMs older samples are in no file of chunks
     * @param firstTimestamp the first timestamp that memory has of a series, by its reference
     */
    void truncate(long mintMs, LongUnaryOperator firstTimestamp) {
        Map<Long, Intervals> present = bySeries;
        if (present.isEmpty()) {
            return;
        }
        Map<Long, Intervals> kept = new HashMap<>();
        present.forEach((ref, spans) -> {
            Intervals left = spans.from(Math.min(mintMs, firstTimestamp.applyAsLong(ref)));
            if (!left.isEmpty()) {
                kept.put(ref, left);
            }
        });
        bySeries = Map.copyOf(kept);
    }

    /** Writes all deletions as a record of the log. */
    public void write(WalBatch batch) {
        Map<Long, Intervals> present = bySeries;
        if (!present.isEmpty()) {
            write(present, batch);
        }
    }

    /** Writes deletions as a record of the log; the last timestamp that is deleted. */
    static long write(Map<Long, Intervals> deleted, WalBatch batch) {
        batch.begin(RecordType.TOMBSTONES);
        long newest = Long.MIN_VALUE;
        for (Map.Entry<Long, Intervals> entry : deleted.entrySet()) {
            Intervals spans = entry.getValue();
            for (int i = 0; i < spans.size(); i++) {
                batch.putLong(entry.getKey());
                batch.putSvarint(spans.mintMs(i));
                batch.putSvarint(spans.maxtMs(i));
                newest = Math.max(newest, spans.maxtMs(i));
            }
        }
        batch.end();
        return newest;
    }
}
