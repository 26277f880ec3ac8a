// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.block;

import dev.narthex.memory.FileWindow;
import dev.narthex.memory.StorageFiles;
import dev.narthex.model.LabelMatcher;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A block that is open for reading. Who reads acquires it and releases it afterwards; {@link #close} lets nobody in any
 * more, and the last one who leaves closes the files and does what was asked for by {@link #closeAndThen}. Safe for use
 * by many threads.
 */
public final class Block implements AutoCloseable {
    private final StorageFiles files;
    private final Path directory;
    private final IndexReader index;
    private final ChunkFiles chunks;
    private final long fixedBytes;

    private volatile BlockMeta meta;
    private volatile Tombstones tombstones;
    private volatile long tombstoneBytes;
    private volatile long metaBytes;
    private int users = 1;
    private boolean closed;
    private @Nullable Last last;

    /** What is done when nobody reads a block any more. */
    @FunctionalInterface
    public interface Last {
        void run() throws IOException;
    }

    private Block(
            StorageFiles files,
            Path directory,
            BlockMeta meta,
            IndexReader index,
            ChunkFiles chunks,
            Tombstones tombstones,
            long metaBytes,
            long tombstoneBytes) {
        this.files = files;
        this.directory = directory;
        this.meta = meta;
        this.index = index;
        this.chunks = chunks;
        this.tombstones = tombstones;
        this.metaBytes = metaBytes;
        this.tombstoneBytes = tombstoneBytes;
        fixedBytes = index.sizeBytes() + chunks.sizeBytes();
    }

    /**
     * Opens a block.
     *
     * @throws CorruptBlockException when it is damaged
     */
    public static Block open(StorageFiles files, Path directory) throws IOException {
        BlockMeta meta = BlockMetaFile.read(files, directory);
        Tombstones tombstones = Tombstones.read(files, directory.resolve(Tombstones.FILE));
        IndexReader index = IndexReader.open(FileWindow.open(files, directory.resolve(IndexLayout.FILE)));
        try {
            ChunkFiles chunks = ChunkFiles.open(files, directory.resolve(ChunkLayout.DIRECTORY));
            try {
                return new Block(
                        files,
                        directory,
                        meta,
                        index,
                        chunks,
                        tombstones,
                        size(files, directory.resolve(BlockMetaFile.FILE)),
                        size(files, directory.resolve(Tombstones.FILE)));
            } catch (IOException | RuntimeException e) {
                chunks.close();
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            try {
                index.close();
            } catch (IOException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
    }

    /** The files in a directory of a block and their sizes; -1 where one goes while it is looked at. */
    public static Map<Path, Long> filesOf(StorageFiles files, Path directory) throws IOException {
        List<Path> paths = new ArrayList<>();
        Path chunks = directory.resolve(ChunkLayout.DIRECTORY);
        files.list(directory).forEach(name -> paths.add(directory.resolve(name)));
        paths.remove(chunks);
        files.list(chunks).forEach(name -> paths.add(chunks.resolve(name)));
        Map<Path, Long> sizes = new HashMap<>();
        for (Path path : paths) {
            try (StorageFiles.StorageFile file = files.openRead(path)) {
                sizes.put(path, file.sizeBytes());
            } catch (NoSuchFileException | FileNotFoundException e) {
                sizes.put(path, -1L);
            }
        }
        return sizes;
    }

    private static long size(StorageFiles files, Path path) throws IOException {
        if (!files.exists(path)) {
            return 0;
        }
        try (StorageFiles.StorageFile file = files.openRead(path)) {
            return file.sizeBytes();
        }
    }

    public BlockMeta meta() {
        return meta;
    }

    public Path directory() {
        return directory;
    }

    /** What the files of the block take on disk. */
    public long sizeBytes() {
        return fixedBytes + metaBytes + tombstoneBytes;
    }

    public int symbolCount() {
        return index.symbols().count();
    }

    /** What the table of its texts takes in memory, bytes. */
    public long symbolBytes() {
        return index.symbols().memoryBytes();
    }

    /** The share of the samples' spans that is deleted: tombstones by series. */
    public double tombstoneShare() {
        return (double) tombstones.count() / (double) (meta.stats().series() + 1);
    }

    public boolean hasTombstones() {
        return !tombstones.isEmpty();
    }

    /** Keeps the block open; false where it is closed already. */
    public synchronized boolean acquire() {
        if (closed) {
            return false;
        }
        users++;
        return true;
    }

    /** Ends what {@link #acquire} began. */
    public void release() throws IOException {
        Last afterwards;
        synchronized (this) {
            if (--users > 0) {
                return;
            }
            afterwards = last;
        }
        try {
            index.close();
        } finally {
            chunks.close();
        }
        if (afterwards != null) {
            afterwards.run();
        }
    }

    /**
     * A view of the samples with {@code mintMs <= timestamp <= maxtMs}. The block stays open until the view is closed.
     *
     * @throws IllegalStateException when the block is closed
     */
    public BlockQuerier querier(long mintMs, long maxtMs) {
        if (!acquire()) {
            throw new IllegalStateException(directory + ": the block is closed already");
        }
        return new BlockQuerier(this, tombstones, mintMs, maxtMs);
    }

    /**
     * Marks the samples of a range of the series that meet all matchers as deleted, durable when this returns. One caller
     * at a time.
     *
     * @param mintMs inclusive
     * @param maxtMs inclusive
     * @return how many series have deleted samples now that had not before, or others
     */
    public int delete(long mintMs, long maxtMs, List<LabelMatcher> matchers) throws IOException {
        Map<Long, Intervals> added = new HashMap<>();
        try (BlockQuerier querier = querier(Long.MIN_VALUE, Long.MAX_VALUE)) {
            PageReader in = querier.indexPages();
            SeriesEntry entry = new SeriesEntry();
            for (int ref : querier.selectRefs(matchers)) {
                index.series(in, ref, entry);
                if (entry.overlaps(mintMs, maxtMs)) {
                    long from = Math.max(mintMs, entry.minTimesMs[0]);
                    long to = Math.min(maxtMs, entry.maxTimesMs[entry.chunks - 1]);
                    Intervals present = tombstones.of(ref);
                    if (!present.covers(from, to)) {
                        added.put((long) ref, present.with(from, to));
                    }
                }
            }
        }
        if (added.isEmpty()) {
            return 0;
        }
        Map<Long, Intervals> all = new HashMap<>(tombstones.bySeries());
        all.putAll(added);
        Tombstones changed = new Tombstones(all);
        tombstoneBytes = changed.write(files, directory.resolve(Tombstones.FILE));
        tombstones = changed;
        BlockMeta counted = meta.withStats(meta.stats().withTombstones(changed.count()));
        metaBytes = BlockMetaFile.replace(files, directory, counted);
        meta = counted;
        return added.size();
    }

    /** Notes in meta.json that merging the block has failed, so that it is left alone. */
    public void markFailed() throws IOException {
        BlockMeta failed = meta.asFailed();
        metaBytes = BlockMetaFile.replace(files, directory, failed);
        meta = failed;
    }

    /**
     * Puts links to the files of the block into another directory, which is complete and durable under its name when this
     * returns. Tombstones and meta.json are copied, for they may change.
     */
    public void linkTo(Path parent) throws IOException {
        Path target = parent.resolve(meta.ulid().text());
        Path temporary = parent.resolve(meta.ulid().text() + BlockWriter.CREATION_SUFFIX);
        files.delete(temporary);
        files.createDirectories(temporary.resolve(ChunkLayout.DIRECTORY));
        files.link(directory.resolve(IndexLayout.FILE), temporary.resolve(IndexLayout.FILE));
        for (int i = 0; i < chunks.count(); i++) {
            Path name = Path.of(ChunkLayout.DIRECTORY, ChunkLayout.fileName(i));
            files.link(directory.resolve(name), temporary.resolve(name));
        }
        tombstones.write(files, temporary.resolve(Tombstones.FILE));
        BlockMetaFile.replace(files, temporary, meta);
        files.syncDirectory(temporary.resolve(ChunkLayout.DIRECTORY));
        files.syncDirectory(temporary);
        files.rename(temporary, target);
        files.syncDirectory(parent);
    }

    IndexReader index() {
        return index;
    }

    ChunkFiles chunks() {
        return chunks;
    }

    /** Lets no reader in any more, and does something when the last one has left. */
    public void closeAndThen(Last afterwards) throws IOException {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            last = afterwards;
        }
        release();
    }

    @Override
    public void close() throws IOException {
        closeAndThen(() -> {});
    }

    @Override
    public String toString() {
        return meta.ulid().text();
    }
}
