// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.headchunk;

import dev.narthex.memory.FileWindow;
import dev.narthex.memory.StorageFiles;
import dev.narthex.memory.StorageFiles.StorageFile;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.zip.CRC32C;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The files of head chunks. Chunks are staged by {@link #append} and written by {@link #flush}, all of them or none; from
 * then on they can be read. Each start begins a new file. A file is synced when it ends, as in Prometheus: what a crash
 * of the machine takes is in the write-ahead log, too.
 *
 * <p>Appending, flushing, truncating and closing are for one thread at a time; {@link #read} is for any.
 */
public final class HeadChunkFiles implements AutoCloseable {
    /** So many bytes at the most should be staged. */
    public static final int STAGING_BYTES = 1 << 18;

    private static final Logger log = Logger.getLogger(HeadChunkFiles.class);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private final StorageFiles files;
    private final Path directory;
    private final long maxFileBytes;
    private final ConcurrentSkipListMap<Integer, ChunkFile> present = new ConcurrentSkipListMap<>();
    private final CRC32C crc = new CRC32C();
    private byte[] staging = new byte[STAGING_BYTES];
    private int staged;
    private long stagedMintMs = Long.MAX_VALUE;
    private long stagedMaxtMs = Long.MIN_VALUE;
    private int nextNumber;
    private @Nullable ChunkFile current;
    /** A write failed and could not be taken back: the file is longer than its chunks. */
    private boolean tailToCut;

    private volatile boolean closed;

    /** A file and the first and last timestamp in it. */
    private static final class ChunkFile {
        private final int number;
        private final FileWindow window;
        private final StorageFile file;
        private volatile long mintMs;
        private volatile long maxtMs;

        ChunkFile(int number, FileWindow window, StorageFile file, long mintMs, long maxtMs) {
            this.number = number;
            this.window = window;
            this.file = file;
            this.mintMs = mintMs;
            this.maxtMs = maxtMs;
        }
    }

    private HeadChunkFiles(StorageFiles files, Path directory, long maxFileBytes, int nextNumber) {
        this.files = files;
        this.directory = directory;
        this.maxFileBytes = maxFileBytes;
        this.nextNumber = nextNumber;
    }

    /**
     * Opens the files that {@link HeadChunkRecovery} has found good.
     *
     * @param directory made when the first chunk is written, where it is not there
     */
    public static HeadChunkFiles open(StorageFiles files, Path directory, HeadChunkRecovery.Result recovered)
            throws IOException {
        return open(files, directory, recovered, HeadChunkLayout.MAX_FILE_BYTES);
    }

    static HeadChunkFiles open(
            StorageFiles files, Path directory, HeadChunkRecovery.Result recovered, long maxFileBytes)
            throws IOException {
        HeadChunkFiles opened = new HeadChunkFiles(files, directory, maxFileBytes, recovered.nextNumber());
        try {
            for (HeadChunkRecovery.File file : recovered.files()) {
                Path path = directory.resolve(HeadChunkLayout.fileName(file.number()));
                StorageFile storage = files.openRead(path);
                FileWindow window = new FileWindow(path, storage, file.sizeBytes());
                opened.present.put(
                        file.number(), new ChunkFile(file.number(), window, storage, file.mintMs(), file.maxtMs()));
            }
            return opened;
        } catch (IOException | RuntimeException e) {
            opened.closeAll(e);
            throw e;
        }
    }

    /**
     * Stages a chunk; its reference becomes good by the next {@link #flush}.
     *
     * @param encoding the number of its encoding, with {@link HeadChunkLayout#OUT_OF_ORDER} where that is so
     * @return where it is going to stand
     */
    public long append(long seriesRef, long mintMs, long maxtMs, int encoding, byte[] data, int offset, int dataBytes)
            throws IOException {
        ChunkFile file = staged == 0 ? writable() : requireCurrent();
        int bytes = HeadChunkLayout.chunkBytes(dataBytes);
        if (staging.length - staged < bytes) {
            staging = Arrays.copyOf(staging, Math.max(staged + bytes, 2 * staging.length));
        }
        byte[] into = staging;
        int at = staged;
        LONG.set(into, at, seriesRef);
        LONG.set(into, at + HeadChunkLayout.MINT_AT, mintMs);
        LONG.set(into, at + HeadChunkLayout.MAXT_AT, maxtMs);
        into[at + HeadChunkLayout.ENCODING_AT] = (byte) encoding;
        int end = at + HeadChunkLayout.LENGTH_AT;
        int rest = dataBytes;
        while (rest > 0x7f) {
            into[end++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        into[end++] = (byte) rest;
        System.arraycopy(data, offset, into, end, dataBytes);
        end += dataBytes;
        crc.reset();
        crc.update(into, at, end - at);
        INT.set(into, end, (int) crc.getValue());
        long reference = HeadChunkLayout.reference(file.number, file.window.sizeBytes() + at);
        staged = end + HeadChunkLayout.CRC_BYTES;
        stagedMintMs = Math.min(stagedMintMs, mintMs);
        stagedMaxtMs = Math.max(stagedMaxtMs, maxtMs);
        return reference;
    }

    public int stagedBytes() {
        return staged;
    }

    /** Writes what is staged: all of it, or nothing and an exception; it is not staged any more in either case. */
    public void flush() throws IOException {
        if (staged == 0) {
            return;
        }
        ChunkFile file = requireCurrent();
        int bytes = staged;
        staged = 0;
        long mintMs = stagedMintMs;
        long maxtMs = stagedMaxtMs;
        stagedMintMs = Long.MAX_VALUE;
        stagedMaxtMs = Long.MIN_VALUE;
        try {
            file.file.write(ByteBuffer.wrap(staging, 0, bytes), file.window.sizeBytes());
        } catch (IOException e) {
            tailToCut = true;
            try {
                cutTail(file);
            } catch (IOException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        } finally {
            if (staging.length > 2 * STAGING_BYTES) {
                staging = new byte[STAGING_BYTES];
            }
        }
        file.mintMs = Math.min(file.mintMs, mintMs);
        file.maxtMs = Math.max(file.maxtMs, maxtMs);
        file.window.extend(file.window.sizeBytes() + bytes);
    }

    /** Forgets what is staged. */
    public void discard() {
        staged = 0;
        stagedMintMs = Long.MAX_VALUE;
        stagedMaxtMs = Long.MIN_VALUE;
    }

    private ChunkFile writable() throws IOException {
        if (closed) {
            throw new IOException(directory + ": the files of head chunks are closed");
        }
        ChunkFile file = current;
        if (file != null) {
            cutTail(file);
            if (file.window.sizeBytes() + STAGING_BYTES <= maxFileBytes) {
                return file;
            }
            file.file.sync();
            current = null;
        }
        return begin();
    }

    private ChunkFile begin() throws IOException {
        files.createDirectories(directory);
        Path path = directory.resolve(HeadChunkLayout.fileName(nextNumber));
        StorageFile storage = files.openWrite(path);
        try {
            storage.truncate(0);
            storage.write(ByteBuffer.wrap(HeadChunkLayout.header()), 0);
            files.syncDirectory(directory);
        } catch (IOException e) {
            try (storage) {
                files.delete(path);
            } catch (IOException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
        FileWindow window = new FileWindow(path, storage, HeadChunkLayout.FILE_HEADER_BYTES);
        ChunkFile file = new ChunkFile(nextNumber++, window, storage, Long.MAX_VALUE, Long.MIN_VALUE);
        present.put(file.number, file);
        current = file;
        return file;
    }

    private void cutTail(ChunkFile file) throws IOException {
        if (tailToCut) {
            file.file.truncate(file.window.sizeBytes());
            tailToCut = false;
        }
    }

    private ChunkFile requireCurrent() {
        ChunkFile file = current;
        if (file == null) {
            throw new IllegalStateException("head chunks: nothing is staged");
        }
        return file;
    }

    /**
     * Reads a chunk.
     *
     * @param into what is read; replaced where it is too small
     * @return false where the file has been truncated: all its samples are older than any reader may ask for
     * @throws IOException when the file cannot be read, or the chunk is damaged
     */
    public boolean read(long reference, int dataBytes, HeadChunkBuffer into) throws IOException {
        ChunkFile file = present.get(HeadChunkLayout.file(reference));
        if (file == null || !file.window.acquire()) {
            if (closed) {
                throw new IOException(directory + ": the files of head chunks are closed");
            }
            return false;
        }
        try {
            into.read(file.window, HeadChunkLayout.offset(reference), dataBytes);
            return true;
        } finally {
            file.window.release();
        }
    }

    /**
     * Removes the oldest files whose samples are all older than a time; what is written to stays.
     *
     * @return how many were removed
     */
    public int truncate(long mintMs) throws IOException {
        return truncate(mintMs, Integer.MAX_VALUE);
    }

    /**
     * The same.
     *
     * @param firstNeeded the first file that stays whatever its samples' time
     */
    public int truncate(long mintMs, int firstNeeded) throws IOException {
        int removed = 0;
        for (Map.Entry<Integer, ChunkFile> entry : present.entrySet()) {
            ChunkFile file = entry.getValue();
            if (file == current || file.number >= firstNeeded || file.maxtMs >= mintMs) {
                break;
            }
            files.delete(file.window.path());
            present.remove(entry.getKey());
            file.window.close();
            removed++;
        }
        if (removed > 0) {
            log.debugf("files of head chunks removed files=%d mint_ms=%d", removed, mintMs);
        }
        return removed;
    }

    /** The first timestamp in any file, {@link Long#MAX_VALUE} where there is none. */
    public long minTimeMs() {
        long minTimeMs = Long.MAX_VALUE;
        for (ChunkFile file : present.values()) {
            minTimeMs = Math.min(minTimeMs, file.mintMs);
        }
        return minTimeMs;
    }

    /** The bytes of all files. */
    public long sizeBytes() {
        long bytes = 0;
        for (ChunkFile file : present.values()) {
            bytes += file.window.sizeBytes();
        }
        return bytes;
    }

    /** The newest file, null where there is none. */
    public HeadChunkRecovery.@Nullable File newest() {
        Map.Entry<Integer, ChunkFile> last = present.lastEntry();
        return last == null
                ? null
                : new HeadChunkRecovery.File(
                        last.getKey(),
                        last.getValue().window.sizeBytes(),
                        last.getValue().mintMs,
                        last.getValue().maxtMs);
    }

    /** How many files there are. */
    public int count() {
        return present.size();
    }

    /** Syncs what was written and lets no reader in any more. */
    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        discard();
        IOException failure = null;
        ChunkFile last = current;
        if (last != null) {
            try {
                cutTail(last);
                last.file.sync();
            } catch (IOException e) {
                failure = e;
            }
        }
        IOException whileClosing = new IOException(directory + ": the files of head chunks could not be closed");
        closeAll(whileClosing);
        if (failure == null && whileClosing.getSuppressed().length > 0) {
            failure = whileClosing;
        }
        if (failure != null) {
            throw failure;
        }
    }

    private void closeAll(Exception cause) {
        for (ChunkFile file : present.values()) {
            try {
                file.window.close();
            } catch (IOException e) {
                cause.addSuppressed(e);
            }
        }
    }
}
