// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.wal;

import dev.narthex.memory.StorageFiles;
import dev.narthex.memory.StorageFiles.StorageFile;
import java.io.IOException;
import java.nio.file.Path;

/** Writes a segment that has ended anew, in its place; a crash leaves either the former or the new one. For one thread. */
public final class SegmentRewrite {
    /** Turns a record into others, or none. */
    @FunctionalInterface
    public interface Change {
        /** Puts what is to stand for a record into an empty batch. */
        void record(byte[] bytes, int offset, int length, WalBatch into) throws IOException;
    }

    private final StorageFiles files;
    private final Path directory;
    private final RecordCompressor compressor;

    public SegmentRewrite(StorageFiles files, Path directory, WalCompression compression) {
        this.files = files;
        this.directory = directory;
        compressor = new RecordCompressor(compression);
    }

    /** Writes a segment anew; its size in bytes. */
    public long run(int number, Change change) throws IOException {
        String name = WalLayout.segmentName(number);
        Path path = directory.resolve(name);
        Path temporary = directory.resolve(name + ".tmp");
        long size;
        try (StorageFile from = files.openRead(path);
                StorageFile to = files.openWrite(temporary)) {
            to.truncate(0);
            SegmentReader reader = new SegmentReader(from);
            SegmentWriter writer = new SegmentWriter(to, SegmentWriter.newStaging(), 0);
            WalBatch batch = new WalBatch();
            while (reader.next()) {
                batch.clear();
                change.record(reader.record(), reader.offset(), reader.length(), batch);
                for (int i = 0; i < batch.records(); i++) {
                    write(writer, batch, batch.recordOffset(i), batch.recordLength(i));
                }
            }
            if (reader.damage() != null || reader.isTorn()) {
                throw new IOException(path + ": what was just written cannot be read; it is left as it is");
            }
            writer.endPage();
            to.sync();
            size = writer.position();
        }
        files.rename(temporary, path);
        files.syncDirectory(directory);
        return size;
    }

    private void write(SegmentWriter writer, WalBatch batch, int offset, int length) throws IOException {
        boolean bound = RefBound.is(batch.bytes(), offset, length);
        int compressed = bound ? -1 : compressor.compress(batch.bytes(), offset, length);
        if (compressed < 0) {
            writer.append(batch.bytes(), offset, length, 0);
        } else {
            writer.append(compressor.bytes(), 0, compressed, compressor.bits());
        }
    }
}
