// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import dev.narthex.model.Exemplar;
import dev.narthex.model.Metadata;
import dev.narthex.tsdb.wal.ExemplarRecords;
import dev.narthex.tsdb.wal.MetadataRecords;
import dev.narthex.tsdb.wal.RecordType;
import dev.narthex.tsdb.wal.WalBatch;
import java.util.ArrayList;
import java.util.List;

/** The exemplars and metadata of a transaction. For one thread. */
final class PendingNotes {
    private record PendingExemplar(int record, long ref, Exemplar exemplar) {}

    private record PendingMetadata(long ref, Metadata metadata) {}

    private final List<PendingExemplar> exemplars = new ArrayList<>();
    private final List<PendingMetadata> metadata = new ArrayList<>();

    boolean isEmpty() {
        return exemplars.isEmpty() && metadata.isEmpty();
    }

    void add(int record, long ref, Exemplar exemplar) {
        exemplars.add(new PendingExemplar(record, ref, exemplar));
    }

    void add(long ref, Metadata note) {
        metadata.add(new PendingMetadata(ref, note));
    }

    void writeMetadata(WalBatch batch) {
        if (!metadata.isEmpty()) {
            batch.begin(RecordType.METADATA);
            for (PendingMetadata pending : metadata) {
                MetadataRecords.write(batch, pending.ref, pending.metadata);
            }
            batch.end();
        }
    }

    void writeExemplars(WalBatch batch) {
        if (!exemplars.isEmpty()) {
            PendingExemplar first = exemplars.getFirst();
            batch.begin(RecordType.EXEMPLARS);
            batch.putSamplesBase(first.ref, first.exemplar.timestampMs());
            for (PendingExemplar pending : exemplars) {
                ExemplarRecords.write(
                        batch,
                        pending.ref - first.ref,
                        pending.exemplar.timestampMs() - first.exemplar.timestampMs(),
                        pending.exemplar);
            }
            batch.end();
        }
    }

    /** Makes everything visible, what has been written to the log before. */
    void apply(HeadIndex index, SeriesMetadata notes, ExemplarRing ring) {
        for (PendingMetadata pending : metadata) {
            int record = index.refs.record(pending.ref);
            if (record != 0) {
                notes.put(index.refOf(record), pending.metadata);
            }
        }
        for (PendingExemplar pending : exemplars) {
            if (index.isName(pending.record, pending.ref)) {
                ring.append(index.refOf(pending.record), () -> index.labels(pending.record), pending.exemplar);
            }
        }
    }

    /** Turns the names that series had when their notes came into those that they have now. */
    void rename(HeadIndex index) {
        exemplars.replaceAll(pending -> index.isName(pending.record, pending.ref)
                ? new PendingExemplar(pending.record, index.refOf(pending.record), pending.exemplar)
                : pending);
        metadata.replaceAll(pending -> {
            int record = index.refs.record(pending.ref);
            return record == 0 ? pending : new PendingMetadata(index.refOf(record), pending.metadata);
        });
    }

    void clear() {
        exemplars.clear();
        metadata.clear();
    }
}
