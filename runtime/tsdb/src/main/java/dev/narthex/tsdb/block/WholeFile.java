// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.block;

import dev.narthex.memory.StorageFiles;
import dev.narthex.memory.StorageFiles.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** Small files, read and written as a whole. */
final class WholeFile {
    private WholeFile() {}

    static byte[] read(Path path, StorageFile file, int mostBytes) throws IOException {
        long size = file.sizeBytes();
        if (size > mostBytes) {
            throw new CorruptBlockException(path, "the file is too large, found " + size + " bytes");
        }
        ByteBuffer buffer = ByteBuffer.allocate((int) size);
        while (buffer.hasRemaining()) {
            if (file.read(buffer, buffer.position()) < 0) {
                throw new CorruptBlockException(path, "the file became shorter while it was read");
            }
        }
        return buffer.array();
    }

    static byte[] read(StorageFiles files, Path path, int mostBytes) throws IOException {
        try (StorageFile file = files.openRead(path)) {
            return read(path, file, mostBytes);
        }
    }

    /** Writes a file that is durable when this returns; its directory is not synced. */
    static void write(StorageFiles files, Path path, ByteBuffer content) throws IOException {
        try (StorageFile file = files.openWrite(path)) {
            file.truncate(0);
            file.write(content, 0);
            file.sync();
        }
    }

    /** Puts a file in the place of another in one step, durable when this returns. */
    static void replace(StorageFiles files, Path path, ByteBuffer content) throws IOException {
        Path directory = path.toAbsolutePath().getParent();
        if (directory == null) {
            throw new IOException(path + ": a file must lie in a directory");
        }
        Path temporary = path.resolveSibling(path.getFileName() + ".tmp");
        try {
            write(files, temporary, content);
            files.rename(temporary, path);
        } catch (IOException e) {
            try {
                files.delete(temporary);
            } catch (IOException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
        files.syncDirectory(directory);
    }
}
