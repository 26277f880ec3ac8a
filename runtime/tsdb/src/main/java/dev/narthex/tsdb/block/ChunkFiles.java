// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.block;

import dev.narthex.memory.FileWindow;
import dev.narthex.memory.StorageFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The chunk files of a block. Safe for use by many threads, each with a {@link ChunkReader} of its own. */
final class ChunkFiles implements AutoCloseable {
    private final List<FileWindow> windows;

    private ChunkFiles(List<FileWindow> windows) {
        this.windows = windows;
    }

    static ChunkFiles open(StorageFiles files, Path directory) throws IOException {
        ChunkFiles chunks = new ChunkFiles(new ArrayList<>());
        try {
            List<String> names = files.list(directory);
            for (String name : names) {
                if (!name.equals(ChunkLayout.fileName(chunks.windows.size()))) {
                    throw new CorruptBlockException(
                            directory,
                            "chunk files must be numbered from 000001 on, found " + name + " where "
                                    + ChunkLayout.fileName(chunks.windows.size()) + " is to be");
                }
                FileWindow window = FileWindow.open(files, directory.resolve(name));
                chunks.windows.add(window);
                ByteCursor cursor = new PageReader(window).at(0, ChunkLayout.HEADER_BYTES);
                int magic = cursor.be32();
                if (magic != ChunkLayout.MAGIC) {
                    throw cursor.corrupt(
                            "this is no file of chunks, found magic number 0x" + Integer.toHexString(magic));
                }
                int version = cursor.u8();
                if (version != ChunkLayout.VERSION) {
                    throw cursor.corrupt("unknown version of a file of chunks, found " + version + "; 1 is read");
                }
            }
            return chunks;
        } catch (IOException | RuntimeException e) {
            try {
                chunks.close();
            } catch (IOException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
    }

    int count() {
        return windows.size();
    }

    FileWindow window(int index) {
        return windows.get(index);
    }

    long sizeBytes() {
        return windows.stream().mapToLong(FileWindow::sizeBytes).sum();
    }

    @Override
    public void close() throws IOException {
        IOException failed = null;
        for (FileWindow window : windows) {
            try {
                window.close();
            } catch (IOException e) {
                failed = e;
            }
        }
        if (failed != null) {
            throw failed;
        }
    }
}
