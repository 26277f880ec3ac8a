// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import dev.narthex.model.Metadata;
import dev.narthex.tsdb.wal.MetadataRecords;
import dev.narthex.tsdb.wal.RecordType;
import dev.narthex.tsdb.wal.WalBatch;
import java.io.IOException;

/** Writes what is said of the series of a head as records of the log. */
public final class MetadataLog {
    private static final int RECORD_BYTES = 1 << 18;

    private MetadataLog() {}

    /** Where records go to. */
    @FunctionalInterface
    public interface Sink {
        /** Writes a record; the batch is used again then. */
        void write(WalBatch batch) throws IOException;
    }

    /** Writes what is known now of series that are there; of none, nothing. */
    public static void write(Head head, Sink sink) throws IOException {
        WalBatch batch = new WalBatch();
        boolean begun = false;
        for (long ref : head.metadataRefs()) {
            Metadata note = head.metadataOf(ref);
            if (note == null || !head.hasSeries(ref)) {
                continue;
            }
            if (!begun) {
                batch.begin(RecordType.METADATA);
                begun = true;
            }
            MetadataRecords.write(batch, ref, note);
            if (batch.position() > RECORD_BYTES) {
                end(batch, sink);
                begun = false;
            }
        }
        if (begun) {
            end(batch, sink);
        }
    }

    private static void end(WalBatch batch, Sink sink) throws IOException {
        batch.end();
        sink.write(batch);
        batch.clear();
    }
}
