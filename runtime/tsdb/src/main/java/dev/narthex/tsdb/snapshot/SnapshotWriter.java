// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.snapshot;

import dev.narthex.memory.StorageFiles;
import dev.narthex.model.Exemplar;
import dev.narthex.tsdb.head.Head;
import dev.narthex.tsdb.head.MetadataLog;
import dev.narthex.tsdb.head.OpenChunk;
import dev.narthex.tsdb.headchunk.HeadChunkFiles;
import dev.narthex.tsdb.headchunk.HeadChunkRecovery;
import dev.narthex.tsdb.wal.ExemplarRecords;
import dev.narthex.tsdb.wal.Wal;
import dev.narthex.tsdb.wal.WalBatch;
import dev.narthex.tsdb.wal.WalCompression;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Writes a snapshot: under another name first, and renamed when it is whole and durable. What no snapshot has is written
 * to the log behind it. For one thread, while the head is at rest.
 */
final class SnapshotWriter {
    private static final int BATCH_BYTES = 1 << 18;

    private final StorageFiles files;
    private final Path directory;
    private final Head head;
    private final SnapshotLast last = new SnapshotLast();
    private final WalBatch batch = new WalBatch();
    private int series;

    /** @param directory the data directory */
    SnapshotWriter(StorageFiles files, Path directory, Head head) {
        this.files = files;
        this.directory = directory;
        this.head = head;
    }

    /** Writes the snapshot of a head whose log ends here; the name of its directory. */
    SnapshotName write(Wal wal, HeadChunkFiles chunks, WalCompression compression) throws IOException {
        wal.mend();
        wal.nextSegment(); // so the place stays good, whatever is mended in the segment before
        wal.syncEnded();
        SnapshotName name = new SnapshotName(wal.currentNumber(), 0);
        Path temporary = directory.resolve(name + HeadSnapshots.TEMPORARY);
        files.delete(temporary);
        files.createDirectories(temporary);
        try (Wal segments =
                Wal.open(files, temporary, wal.segmentBytes(), 0, Wal.NO_BOUNDS, compression, Runnable::run)) {
            writeSeries(segments);
            SnapshotTombstones.write(batch, head.tombstones().snapshot());
            writeExemplars(segments);
            flush(segments);
        }
        long bytes = SnapshotMark.segmentBytes(files, temporary);
        HeadChunkRecovery.File newest = chunks.newest();
        new SnapshotMark(
                        wal.greatestRef(),
                        head.maxTimeMs(),
                        newest == null ? 0 : newest.number(),
                        newest == null ? 0 : newest.sizeBytes(),
                        bytes)
                .write(files, temporary);
        files.syncDirectory(temporary);
        // Prometheus keeps no metadata in a snapshot: those of the log before it are written behind it once more.
        MetadataLog.write(head, metadata -> wal.write(metadata, Long.MIN_VALUE));
        files.rename(temporary, directory.resolve(name.toString()));
        files.syncDirectory(directory);
        return name;
    }

    int series() {
        return series;
    }

    private void flush(Wal into) throws IOException {
        if (!batch.isEmpty()) {
            into.write(batch, Long.MIN_VALUE);
            batch.clear();
        }
    }

    private void writeSeries(Wal into) throws IOException {
        OpenChunk chunk = head.openChunk();
        for (long entry : head.seriesEntries()) {
            if (!chunk.isLogged(entry)) {
                continue; // nothing of it is in the log, so nothing but its name would come back
            }
            batch.begin(SnapshotRecords.SERIES);
            byte[] room = batch.putSeriesRef(Head.refOf(entry), head.labelsBytes(entry));
            batch.setPosition(head.copyLabels(entry, room, batch.position()));
            batch.putLong(0); // once the range of chunks
            if (chunk.load(entry)) {
                batch.putUvarint(1);
                batch.putLong(chunk.firstMs());
                batch.putLong(chunk.lastMs());
                batch.putByte(chunk.encoding().number());
                batch.putUvarint(chunk.length());
                batch.putBytes(chunk.bytes(), chunk.offset(), chunk.length());
                last.write(batch, chunk);
            } else {
                batch.putUvarint(0);
            }
            batch.end();
            series++;
            if (batch.sizeBytes() > BATCH_BYTES) {
                flush(into);
            }
        }
    }

    private void writeExemplars(Wal into) throws IOException {
        Exemplars exemplars = new Exemplars();
        head.exemplarsInOrder(exemplars);
        exemplars.end();
        flush(into);
    }

    /** Puts exemplars of series that are there into records. */
    private final class Exemplars implements ExemplarRecords.Exemplars {
        private static final int IN_RECORD = 10_000;

        private int count;
        private long baseRef;
        private long baseMs;

        @Override
        public void exemplar(long ref, Exemplar exemplar) {
            if (!head.hasSeries(ref)) {
                return;
            }
            if (count == IN_RECORD) {
                end();
            }
            if (count == 0) {
                batch.begin(SnapshotRecords.EXEMPLARS);
                batch.putSamplesBase(ref, exemplar.timestampMs());
                baseRef = ref;
                baseMs = exemplar.timestampMs();
            }
            ExemplarRecords.write(batch, ref - baseRef, exemplar.timestampMs() - baseMs, exemplar);
            count++;
        }

        void end() {
            if (count > 0) {
                batch.end();
                count = 0;
            }
        }
    }
}
