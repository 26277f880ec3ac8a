// SPDX-License-Identifier: Apache-2.0
package dev.narthex.alerting;

import dev.narthex.memory.StorageFiles;
import dev.narthex.memory.StorageFiles.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A small file of UTF-8 text that is read and replaced as a whole. For use by one thread at a time. */
final class TextFile {
    private final StorageFiles files;
    private final Path directory;
    private final String name;

    TextFile(StorageFiles files, Path directory, String name) {
        this.files = files;
        this.directory = directory;
        this.name = name;
    }

    /** Makes the directory where there is none, so that it survives a crash too. */
    void makeDirectory() throws IOException {
        files.createDirectories(directory);
        Path parent = directory.getParent();
        if (parent != null) {
            files.syncDirectory(parent);
        }
    }

    String read() throws IOException {
        try (StorageFile file = files.openRead(directory.resolve(name))) {
            ByteBuffer buffer = ByteBuffer.allocate(Math.toIntExact(file.sizeBytes()));
            long offset = 0;
            while (buffer.hasRemaining()) {
                int count = file.read(buffer, offset);
                if (count < 0) {
                    break;
                }
                offset += count;
            }
            return new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
        }
    }

    /** Replaces the content in one step: after a crash there is the former or the new one. */
    void replace(String text) throws IOException {
        Path temporary = directory.resolve(name + ".new");
        files.delete(temporary);
        try (StorageFile file = files.openWrite(temporary)) {
            file.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), 0);
            file.sync();
        }
        files.rename(temporary, directory.resolve(name));
        files.syncDirectory(directory);
    }
}
