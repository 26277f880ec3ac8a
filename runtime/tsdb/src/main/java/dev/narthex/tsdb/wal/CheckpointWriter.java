// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.wal;

import dev.narthex.memory.StorageFiles;
import dev.narthex.memory.StorageFiles.StorageFile;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Writes a checkpoint: a directory of segments that stands for all segments up to a number. It is written under another
 * name and renamed when it is complete and durable, so a crash leaves either the old log or the new one. For one thread.
 */
public final class CheckpointWriter implements AutoCloseable {
    private final StorageFiles files;
    private final Path logDirectory;
    private final Path temporary;
    private final int lastSegment;
    private final Wal segments;
    private long maxTimeMs = Long.MIN_VALUE;
    private boolean complete;

    private CheckpointWriter(StorageFiles files, Path logDirectory, Path temporary, int lastSegment, Wal segments) {
        this.files = files;
        this.logDirectory = logDirectory;
        this.temporary = temporary;
        this.lastSegment = lastSegment;
        this.segments = segments;
    }

    /** Begins a checkpoint of a log that stands for its segments up to a number. */
    public static CheckpointWriter begin(StorageFiles files, Wal log, int lastSegment) throws IOException {
        Path temporary = log.directory().resolve(WalLayout.checkpointName(lastSegment) + ".tmp");
        files.delete(temporary);
        files.createDirectories(temporary);
        Wal segments =
                Wal.open(files, temporary, log.segmentBytes(), 0, Wal.NO_BOUNDS, log.compression(), Runnable::run);
        return new CheckpointWriter(files, log.directory(), temporary, lastSegment, segments);
    }

    public void write(WalBatch batch) throws IOException {
        segments.write(batch, maxTimeMs);
    }

    /** Reads the records of the former checkpoint; what is damaged is left out. */
    public void readCheckpoint(int number, RecordHandler handler) throws IOException {
        Path directory = logDirectory.resolve(WalLayout.checkpointName(number));
        for (String name : files.list(directory)) {
            if (WalLayout.segmentNumber(name) >= 0) {
                read(directory.resolve(name), handler);
            }
        }
    }

    /** Reads the records of a segment that the checkpoint is to stand for; what is damaged is left out. */
    public void readSegment(int number, RecordHandler handler) throws IOException {
        read(logDirectory.resolve(WalLayout.segmentName(number)), handler);
    }

    private void read(Path path, RecordHandler handler) throws IOException {
        try (StorageFile file = files.openRead(path)) {
            SegmentReader reader = new SegmentReader(file);
            while (reader.next()) {
                handler.record(reader.record(), reader.offset(), reader.length());
            }
        }
    }

    /** Makes the checkpoint durable and puts it in its place; its size in bytes. */
    public long complete() throws IOException {
        segments.close();
        long sizeBytes = segments.sizeBytes();
        files.syncDirectory(temporary);
        Path target = logDirectory.resolve(WalLayout.checkpointName(lastSegment));
        files.delete(target);
        files.rename(temporary, target);
        files.syncDirectory(logDirectory);
        complete = true;
        return sizeBytes;
    }

    /** Removes older checkpoints, in the place of which a complete one stands. */
    public void removeOlder() throws IOException {
        for (String name : files.list(logDirectory)) {
            int number = WalLayout.checkpointNumber(name);
            if (number >= 0 && number < lastSegment) {
                files.delete(logDirectory.resolve(name));
            }
        }
    }

    /** Removes what was written unless it is complete. */
    @Override
    public void close() throws IOException {
        if (!complete) {
            try {
                segments.close();
            } finally {
                files.delete(temporary);
            }
        }
    }
}
