// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.wal;

import dev.narthex.memory.StorageFiles;
import dev.narthex.memory.StorageFiles.StorageFile;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads the segments that this process itself is writing, behind the commits. For one thread. */
public final class LogTail implements AutoCloseable {
    private final StorageFiles files;
    private final Path directory;
    private int number;
    private @Nullable StorageFile file;
    private @Nullable SegmentReader reader;

    /** @param number of the first segment to read */
    public LogTail(StorageFiles files, Path directory, int number) {
        this.files = files;
        this.directory = directory;
        this.number = number;
    }

    /**
     * Hands out the records up to the end of a commit.
     *
     * @throws IOException when they cannot be read, though they have just been written
     */
    public void readTo(Wal.End end, RecordHandler handler) throws IOException {
        while (number < end.number()) {
            read(Long.MAX_VALUE, handler);
            close();
            number++;
        }
        read(end.sizeBytes(), handler);
    }

    private void read(long toBytes, RecordHandler handler) throws IOException {
        Path path = directory.resolve(WalLayout.segmentName(number));
        StorageFile open = file;
        if (open == null) {
            open = files.openRead(path);
            file = open;
        }
        long limit = Math.min(toBytes, open.sizeBytes());
        SegmentReader from = reader;
        if (from == null) {
            from = new SegmentReader(open, limit);
            reader = from;
        } else {
            from.extend(limit);
        }
        while (from.next()) {
            handler.record(from.record(), from.offset(), from.length());
        }
        if (from.damage() != null || from.isTorn()) {
            throw new IOException(path + ": what was just written cannot be read, found "
                    + (from.damage() == null ? "an unfinished record" : from.damage()) + "; see to the disk");
        }
    }

    @Override
    public void close() throws IOException {
        StorageFile open = file;
        file = null;
        reader = null;
        if (open != null) {
            open.close();
        }
    }
}
