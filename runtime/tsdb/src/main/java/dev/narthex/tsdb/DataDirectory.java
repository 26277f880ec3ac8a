// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import dev.narthex.memory.StorageFiles;
import dev.narthex.memory.StorageFiles.StorageFile;
import dev.narthex.tsdb.headchunk.HeadChunkLayout;
import dev.narthex.tsdb.wal.WalLayout;
import dev.narthex.tsdb.wal.WalStart;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.jboss.logging.Logger;

/** The data directory: its lock, and what lies in it. */
final class DataDirectory implements AutoCloseable {
    private static final Logger log = Logger.getLogger(DataDirectory.class);
    private static final String LOCK = "lock";
    /** What the lock file says while nobody has the directory. */
    private static final byte[] STOPPED = "stopped\n".getBytes(StandardCharsets.US_ASCII);

    private static final String DAMAGED = "damaged";

    private final StorageFiles files;
    private final Path path;
    private final StorageFile lock;
    private final boolean clean;

    private DataDirectory(StorageFiles files, Path path, StorageFile lock, boolean clean) {
        this.clean = clean;
        this.files = files;
        this.path = path;
        this.lock = lock;
    }

    /**
     * Takes the directory, which is made where there is none.
     *
     * @param exclusive whether nobody else may have it
     * @throws IOException when another process has it
     */
    static DataDirectory open(StorageFiles files, Path path, boolean exclusive) throws IOException {
        files.createDirectories(path);
        boolean isNew = !files.exists(path.resolve(LOCK));
        StorageFile lock = files.openWrite(path.resolve(LOCK));
        try {
            if (exclusive && !lock.tryLock()) {
                throw new IOException(path + ": another process uses this data directory, found the lock of "
                        + path.resolve(LOCK) + " taken; stop it or choose another directory");
            }
            boolean clean = isNew || isMarked(lock);
            lock.truncate(0);
            DataDirectory directory = new DataDirectory(files, path, lock, clean);
            files.createDirectories(directory.wal());
            return directory;
        } catch (IOException | RuntimeException e) {
            try {
                lock.close();
            } catch (IOException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
    }

    private static boolean isMarked(StorageFile lock) throws IOException {
        byte[] found = new byte[STOPPED.length];
        return lock.sizeBytes() == STOPPED.length
                && lock.read(ByteBuffer.wrap(found), 0) == STOPPED.length
                && Arrays.equals(found, STOPPED);
    }

    /** Whether the last one who had the directory has closed it; a Prometheus then leaves no lock file behind. */
    boolean isClean() {
        return clean;
    }

    /** What can be said of the log without reading it. Where there are head chunks and no log, references are not known. */
    WalStart walStart() throws IOException {
        WalStart start = WalStart.of(files, wal());
        boolean chunksOnly =
                start.greatestRef() == 0 && !files.list(chunksHead()).isEmpty();
        return chunksOnly ? new WalStart(start.firstNumber(), start.nextNumber(), -1, start.uncheckedNumber()) : start;
    }

    Path path() {
        return path;
    }

    Path wal() {
        return path.resolve(WalLayout.DIRECTORY);
    }

    /** The log of samples out of order. */
    Path wbl() {
        return path.resolve(WalLayout.OUT_OF_ORDER_DIRECTORY);
    }

    /** The files of full head chunks. */
    Path chunksHead() {
        return path.resolve(HeadChunkLayout.DIRECTORY);
    }

    /** Where copies of damaged files go. */
    Path damaged() {
        return path.resolve(DAMAGED);
    }

    @Override
    public void close() throws IOException {
        try (lock) {
            mark();
        }
    }

    private void mark() {
        try {
            lock.write(ByteBuffer.wrap(STOPPED), 0);
        } catch (IOException e) {
            log.warn("the next start will not know that the data directory was closed", e);
        }
    }
}
