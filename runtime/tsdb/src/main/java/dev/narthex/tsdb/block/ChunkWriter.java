// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.block;

import dev.narthex.memory.StorageFiles;
import dev.narthex.storage.ChunkEncoding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Writes the chunk files of a block. For one thread. */
final class ChunkWriter implements AutoCloseable {
    private final StorageFiles files;
    private final Path directory;
    private final long segmentBytes;
    private final ByteSink head = new ByteSink();
    private final CRC32C crc = new CRC32C();
    private @Nullable OutputFile file;
    private int number = -1;

    /** @param segmentBytes how large a file becomes before the next one is begun */
    ChunkWriter(StorageFiles files, Path directory, long segmentBytes) throws IOException {
        this.files = files;
        this.directory = directory;
        this.segmentBytes = segmentBytes;
        files.createDirectories(directory);
    }

    /** Writes a chunk; its reference. */
    long write(ChunkEncoding encoding, byte[] data) throws IOException {
        long most = ChunkLayout.MAX_LENGTH_BYTES + 1L + data.length + ChunkLayout.CRC_BYTES;
        OutputFile out = file;
        if (out == null || out.position() + most > segmentBytes) {
            out = next();
        }
        long ref = (long) number << 32 | out.position();
        head.clear();
        head.uvarint(data.length);
        int typeAt = head.size();
        head.u8(encoding.number());
        out.put(head);
        out.put(data, 0, data.length);
        crc.reset();
        crc.update(head.bytes(), typeAt, 1);
        crc.update(data, 0, data.length);
        out.be32((int) crc.getValue());
        return ref;
    }

    private OutputFile next() throws IOException {
        finish();
        number++;
        OutputFile out = new OutputFile(files, directory.resolve(ChunkLayout.fileName(number)));
        file = out;
        head.clear();
        head.be32(ChunkLayout.MAGIC);
        head.u8(ChunkLayout.VERSION);
        out.put(head);
        out.align(ChunkLayout.HEADER_BYTES);
        return out;
    }

    private void finish() throws IOException {
        OutputFile out = file;
        if (out != null) {
            file = null;
            try (out) {
                out.sync();
            }
        }
    }

    /** Makes all files durable. */
    void complete() throws IOException {
        finish();
        files.syncDirectory(directory);
    }

    @Override
    public void close() throws IOException {
        OutputFile out = file;
        if (out != null) {
            file = null;
            out.close();
        }
    }
}
