// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.snapshot;

import dev.narthex.tsdb.block.Intervals;
import dev.narthex.tsdb.wal.RecordReader;
import dev.narthex.tsdb.wal.RecordType;
import dev.narthex.tsdb.wal.TombstoneRecords;
import dev.narthex.tsdb.wal.WalBatch;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/**
 * The record of a snapshot that tells of deletions.
 *
 * <pre>
 * length (uvarint) | version 1 (1 byte) | series (uvarint), first and last timestamp (svarint) ...
 * </pre>
 */
final class SnapshotTombstones {
    private static final int VERSION = 1;

    private SnapshotTombstones() {}

    /** Writes all deletions as one record, which is there in any case. */
    static void write(WalBatch into, Map<Long, Intervals> deleted) {
        WalBatch content = new WalBatch();
        content.putByte(VERSION);
        for (Map.Entry<Long, Intervals> entry : new TreeMap<>(deleted).entrySet()) {
            Intervals spans = entry.getValue();
            for (int i = 0; i < spans.size(); i++) {
                content.putUvarint(entry.getKey());
                content.putSvarint(spans.mintMs(i));
                content.putSvarint(spans.maxtMs(i));
            }
        }
        byte[] bytes = new byte[content.sizeBytes()];
        content.copyTo(bytes, 0);
        into.begin(SnapshotRecords.TOMBSTONES);
        into.putUvarint(bytes.length);
        into.putBytes(bytes, 0, bytes.length);
        into.end();
    }

    /** Reads them as a record of the log. */
    static void read(RecordReader reader, WalBatch into) throws IOException {
        int length = reader.readCount(1);
        if (!reader.isGood() || length != reader.left()) {
            throw new DamagedSnapshotException("deletions are of another length than they say, found " + reader.left());
        }
        int version = reader.readByte();
        if (version != VERSION) {
            throw new DamagedSnapshotException("deletions are of version " + version + ", 1 is known");
        }
        into.begin(RecordType.TOMBSTONES);
        while (reader.hasMore()) {
            long ref = reader.readUvarint();
            long mintMs = reader.readSvarint();
            long maxtMs = reader.readSvarint();
            if (!reader.isGood() || mintMs > maxtMs) {
                throw new DamagedSnapshotException("a deletion is not well formed");
            }
            TombstoneRecords.write(into, ref, mintMs, maxtMs);
        }
        into.end();
    }
}
