// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.wal;

import dev.narthex.memory.StorageFiles;
import dev.narthex.memory.StorageFiles.StorageFile;
import java.io.IOException;
import java.nio.file.Path;
import org.jboss.logging.Logger;

/**
 * Reads a log from its newest checkpoint to its end and changes nothing, so another process may be writing it. What is
 * damaged is left out and told of. For one thread.
 */
public final class LogScan {
    private static final Logger log = Logger.getLogger(LogScan.class);

    private final StorageFiles files;
    private final Path directory;
    private int damages;

    /** @param directory the directory of the log; nothing is read where there is none */
    public LogScan(StorageFiles files, Path directory) {
        this.files = files;
        this.directory = directory;
    }

    /** Reads everything there is. */
    public void run(RecordHandler handler) throws IOException {
        int checkpoint = -1;
        for (String name : files.list(directory)) {
            checkpoint = Math.max(checkpoint, WalLayout.checkpointNumber(name));
        }
        if (checkpoint >= 0) {
            segments(directory.resolve(WalLayout.checkpointName(checkpoint)), -1, handler);
        }
        segments(directory, checkpoint, handler);
    }

    /** Reads the segments of a directory behind a number; names are sorted, and of one length. */
    private void segments(Path where, int behind, RecordHandler handler) throws IOException {
        for (String name : files.list(where)) {
            if (WalLayout.segmentNumber(name) > behind) {
                Path path = where.resolve(name);
                try (StorageFile file = files.openRead(path)) {
                    SegmentReader reader = new SegmentReader(file);
                    while (reader.next()) {
                        handler.record(reader.record(), reader.offset(), reader.length());
                    }
                    damages += reader.damages() + (reader.isTorn() ? 1 : 0);
                    if (reader.damage() != null) {
                        log.warnf(
                                "WAL segment is damaged, good records were read segment=%s damages=%d first=\"%s\"",
                                path, reader.damages(), reader.damage());
                    }
                }
            }
        }
    }

    /** How many things were wrong with what was read, a torn tail among them. */
    public int damages() {
        return damages;
    }
}
