// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.snapshot;

import dev.narthex.memory.StorageFiles;
import dev.narthex.memory.StorageFiles.StorageFile;
import dev.narthex.tsdb.wal.WalLayout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a snapshot of this program tells of the directory that it belongs to, in a file beside its segments: so nothing of
 * the log before it needs to be read. A Prometheus passes over the file.
 *
 * @param greatestRef no series reference in the log before it is greater
 * @param maxTimeMs the last timestamp of the samples in the log before it
 * @param chunkFile the number of the newest file of head chunks, 0 where there is none
 * @param chunkFileBytes its size
 * @param bytes the size of its segments
 */
record SnapshotMark(long greatestRef, long maxTimeMs, int chunkFile, long chunkFileBytes, long bytes) {
    static final String FILE = "narthex";

    private static final int MAX_BYTES = 1024;
    private static final Pattern FORM = Pattern.compile("""
            narthex head snapshot 1
            greatest_ref (\\d{1,18})
            max_time_ms (-?\\d{1,19})
            chunk_file (\\d{1,9})
            chunk_file_bytes (\\d{1,18})
            bytes (\\d{1,18})
            """);

    void write(StorageFiles files, Path directory) throws IOException {
        String text = String.format(Locale.ROOT, """
                narthex head snapshot 1
                greatest_ref %d
                max_time_ms %d
                chunk_file %d
                chunk_file_bytes %d
                bytes %d
                """, greatestRef, maxTimeMs, chunkFile, chunkFileBytes, bytes);
        try (StorageFile file = files.openWrite(directory.resolve(FILE))) {
            file.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)), 0);
            file.sync();
        }
    }

    /** The size of the segments of a snapshot. */
    static long segmentBytes(StorageFiles files, Path directory) throws IOException {
        long bytes = 0;
        for (String name : files.list(directory)) {
            if (WalLayout.segmentNumber(name) >= 0) {
                try (StorageFile file = files.openRead(directory.resolve(name))) {
                    bytes += file.sizeBytes();
                }
            }
        }
        return bytes;
    }

    /** Reads the file of a snapshot; null where there is none, or one of another version. */
    static @Nullable SnapshotMark read(StorageFiles files, Path directory) throws IOException {
        Path path = directory.resolve(FILE);
        if (!files.exists(path)) {
            return null;
        }
        try (StorageFile file = files.openRead(path)) {
            ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(MAX_BYTES, file.sizeBytes()));
            while (bytes.hasRemaining() && file.read(bytes, bytes.position()) > 0) {
                // until it is whole
            }
            Matcher matcher = FORM.matcher(new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII));
            return matcher.matches()
                    ? new SnapshotMark(
                            Long.parseLong(matcher.group(1)),
                            Long.parseLong(matcher.group(2)),
                            Integer.parseInt(matcher.group(3)),
                            Long.parseLong(matcher.group(4)),
                            Long.parseLong(matcher.group(5)))
                    : null;
        } catch (NumberFormatException _) {
            return null; // a time beyond all times
        }
    }
}
