// SPDX-License-Identifier: Apache-2.0
package dev.narthex.memory;

import dev.narthex.memory.StorageFiles.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A file that many threads read from while it may be taken away: bounds-checked reads in bulk into the caller's array,
 * and a count of those at work. Who reads acquires the window first and releases it afterwards; {@link #close} lets
 * nobody in any more, and the file is closed when the last reader has left, so a reader never meets a closed file.
 *
 * <p>Reads are positional and go through {@link StorageFiles}, so that tests can make them fail. A window may be put over
 * a file that still grows: its writer tells by {@link #extend} up to where it may be read.
 */
public final class FileWindow implements AutoCloseable {
    private static final int OPEN = 1;

    private final Path path;
    private final StorageFile file;
    /** The readers at work, and one more until the window is closed. */
    private final AtomicInteger uses = new AtomicInteger(OPEN);

    private volatile long sizeBytes;
    private volatile boolean closed;

    /** @param sizeBytes up to where the file may be read */
    public FileWindow(Path path, StorageFile file, long sizeBytes) {
        this.path = path;
        this.file = file;
        this.sizeBytes = sizeBytes;
    }

    /** Opens a file that does not change any more. */
    public static FileWindow open(StorageFiles files, Path path) throws IOException {
        StorageFile file = files.openRead(path);
        try {
            return new FileWindow(path, file, file.sizeBytes());
        } catch (IOException | RuntimeException e) {
            try {
                file.close();
            } catch (IOException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
    }

    public Path path() {
        return path;
    }

    /** Up to where the file may be read. */
    public long sizeBytes() {
        return sizeBytes;
    }

    /** Lets readers see what was written behind the former end. */
    public void extend(long newSizeBytes) {
        sizeBytes = newSizeBytes;
    }

    /** Keeps the file open for a reader, who must {@link #release} it; false where the window is closed already. */
    public boolean acquire() {
        int present = uses.get();
        while (present > 0 && !closed) {
            int witness = uses.compareAndExchange(present, present + 1);
            if (witness == present) {
                return true;
            }
            present = witness;
        }
        return false;
    }

    /** Ends what {@link #acquire} began. */
    public void release() throws IOException {
        int left = uses.decrementAndGet();
        if (left == 0) {
            file.close();
        } else if (left < 0) {
            throw new IllegalStateException(path + ": released more often than acquired");
        }
    }

    /**
     * Reads bytes; for one who has acquired the window.
     *
     * @throws IOException when they do not lie in the file, or it cannot be read
     */
    public void read(long offsetBytes, byte[] into, int at, int length) throws IOException {
        if (offsetBytes < 0 || length < 0 || offsetBytes > sizeBytes - length) {
            throw new IOException(path + ": a read leads beyond the file, found offset " + offsetBytes + " and length "
                    + length + "; the file has " + sizeBytes + " bytes");
        }
        ByteBuffer buffer = ByteBuffer.wrap(into, at, length);
        while (buffer.hasRemaining()) {
            if (file.read(buffer, offsetBytes + buffer.position() - at) < 0) {
                throw new IOException(path + ": the file became shorter, found its end before offset "
                        + (offsetBytes + length) + " of " + sizeBytes);
            }
        }
    }

    /** Lets no reader in any more; the file is closed now or when the last reader leaves. */
    @Override
    public void close() throws IOException {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        release();
    }
}
